//! The WASM build reads every one of MNIST's 10,000 test digits as the native build does.
//!
//! Runs in Node; the native build is held to the same fingerprint in `digits.rs`.
#![cfg(target_arch = "wasm32")]

use classifier::mnist::Digits;
use classifier::{Backend, Classifier, ModelInput, Prediction};
use js_sys::{Function, JsString, Uint8Array};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

/// A file of the folder `MNIST_DIR`, through Node.
fn file(name: &str) -> Vec<u8> {
    let read = Function::new_with_args(
        "name",
        "if (!process.env.MNIST_DIR) throw new Error('set MNIST_DIR; `make mnist` fetches the files');
         return process.getBuiltinModule('fs').readFileSync(`${process.env.MNIST_DIR}/${name}`);",
    );
    match read.call1(&JsValue::NULL, &JsString::from(name)) {
        Ok(bytes) => bytes.unchecked_into::<Uint8Array>().to_vec(),
        Err(error) => panic!("{name}: {error:?}; `make mnist` fetches the files"),
    }
}

#[wasm_bindgen_test]
fn the_test_digits_are_read_as_the_card_says() {
    let digits = Digits::from_idx(&file("t10k-images-idx3-ubyte"), &file("t10k-labels-idx1-ubyte")).unwrap();
    assert_eq!(digits.len(), 10_000);
    let card: Value = serde_json::from_str(include_str!("../weights/model_card.json")).unwrap();
    let classifier = Classifier::load(Backend::Flex).unwrap();
    let pictures: Vec<ModelInput> = (0..digits.len()).map(|index| digits.input(index)).collect();
    let answers: Vec<u8> = pictures
        .chunks(100)
        .flat_map(|batch| classifier.classify(batch))
        .map(|reading: Prediction| reading.digit())
        .collect();
    let fingerprint = format!("{:x}", Sha256::digest(&answers));
    assert_eq!(card["test_digits_sha256"], fingerprint);
}
