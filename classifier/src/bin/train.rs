//! `make train`: weights and model card out of MNIST.

use std::path::PathBuf;

use clap::Parser;
use classifier::mnist;
use classifier::training::{Folders, Settings, forget, train};

/// Trains the digit reader. Interrupted, it goes on where it was.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Folder of MNIST's IDX files [default: trazo/mnist in the user's cache]
    #[arg(long, env = "MNIST_DIR")]
    data: Option<PathBuf>,
    /// Folder of the checkpoints
    #[arg(long, default_value = "target/train")]
    work: PathBuf,
    /// Folder that the weights and their card are written to
    #[arg(long, default_value = concat!(env!("CARGO_MANIFEST_DIR"), "/weights"), hide_default_value = true)]
    weights: PathBuf,
    /// Seed of everything random
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Passes over the training digits
    #[arg(long, default_value_t = 60)]
    epochs: usize,
    /// Pictures a step
    #[arg(long, default_value_t = 128)]
    batch: usize,
    /// The learning rate at its highest
    #[arg(long, default_value_t = 0.003)]
    learning_rate: f64,
    /// Forget an interrupted training
    #[arg(long)]
    fresh: bool,
}

fn main() -> anyhow::Result<()> {
    let arguments = Arguments::parse();
    let folders = Folders {
        data: arguments.data.map_or_else(mnist::folder, Ok)?,
        work: arguments.work,
        weights: arguments.weights,
    };
    if arguments.fresh {
        forget(&folders.work)?;
    }
    let settings = Settings {
        seed: arguments.seed,
        epochs: arguments.epochs,
        batch: arguments.batch,
        learning_rate: arguments.learning_rate,
    };
    train(&settings, &folders)
}
