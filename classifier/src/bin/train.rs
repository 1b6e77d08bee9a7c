//! `make train`: trains the network on MNIST and writes weights and model card.

use std::path::PathBuf;

use clap::Parser;
use classifier::training::{Paths, Settings, remove_folder, train};

/// Train the digit classifier on MNIST and what is made beside it. An interrupted training is resumed.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Folder of MNIST's IDX files [default: trazo/mnist in the user's cache]
    #[arg(long, env = "MNIST_DIR")]
    data: Option<PathBuf>,
    /// Folder of the fonts [default: trazo/fonts in the user's cache]
    #[arg(long, env = "FONTS_DIR")]
    fonts: Option<PathBuf>,
    /// Folder of the checkpoints
    #[arg(long, default_value = "target/train")]
    work: PathBuf,
    /// Folder of the exported weights and their model card
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/weights"), hide_default_value = true)]
    weights: PathBuf,
    /// Random seed
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Passes over the training images
    #[arg(long, default_value_t = 90)]
    epochs: usize,
    /// Images per step
    #[arg(long, default_value_t = 128)]
    batch: usize,
    /// Peak learning rate
    #[arg(long, default_value_t = 0.003)]
    learning_rate: f64,
    /// Export the newest checkpoint as it is, without training further
    #[arg(long)]
    export: bool,
    /// Discard an interrupted training
    #[arg(long)]
    fresh: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let paths = Paths::new(arguments.data, arguments.fonts, arguments.work, arguments.weights)?;
    if arguments.fresh {
        remove_folder(&paths.work)?;
    }
    let settings = Settings {
        seed: arguments.seed,
        epochs: arguments.epochs,
        batch: arguments.batch,
        learning_rate: arguments.learning_rate,
        retraining: None,
    };
    train(&settings, &paths, arguments.export)
}
