//! How the page's WASM is linked.

fn main() {
    // At -O2, which rustc asks for, the linker lets strings share their ends. Strings that overlap can't be told apart
    // when the WASM is split, and the texts of every page would come with the first.
    println!("cargo::rustc-link-arg-cdylib=-O1");
    println!("cargo::rerun-if-changed=build.rs");
}
