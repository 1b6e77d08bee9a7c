//! `make train CORRECTIONS=…`: retrains the shipped network with reviewed corrections.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use clap::builder::RangedU64ValueParser;
use classifier::training::{Paths, Settings, Verdict, print_line, remove_folder, retrain};

/// The exit code if the retrained network isn't better.
const REFUSED: u8 = 3;

/// Retrain the shipped network with a data set of corrections. It is written if it reads those that are kept back better,
/// and MNIST's validation digits no worse; else nothing is, and the exit code is 3. An interrupted retraining is resumed.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// The data set: an archive of IDX files, as the server exports it
    #[arg(long)]
    corrections: PathBuf,
    /// The folder that gets a folder with the weights and their model card
    #[arg(long, default_value = "target/retrained")]
    output: PathBuf,
    /// Folder of MNIST's IDX files [default: trazo/mnist in the user's cache]
    #[arg(long, env = "MNIST_DIR")]
    data: Option<PathBuf>,
    /// Folder of the fonts [default: trazo/fonts in the user's cache]
    #[arg(long, env = "FONTS_DIR")]
    fonts: Option<PathBuf>,
    /// Make no images of fonts: for a trial without them
    #[arg(long)]
    without_fonts: bool,
    /// Folder of the checkpoints
    #[arg(long, default_value = "target/retrain")]
    work: PathBuf,
    /// MNIST's digits in an epoch, with as many made images in proportion: fewer for a trial
    #[arg(long, default_value = "55000", value_parser = RangedU64ValueParser::<usize>::new().range(1..=55_000))]
    digits: usize,
    /// Passes over the images
    #[arg(long, default_value = "6", value_parser = RangedU64ValueParser::<usize>::new().range(1..=1_000))]
    epochs: usize,
    /// Images per step
    #[arg(long, default_value = "128", value_parser = RangedU64ValueParser::<usize>::new().range(2..=4_096))]
    batch: usize,
    /// Peak learning rate
    #[arg(long, default_value_t = 0.000_03)]
    learning_rate: f64,
    /// Discard an interrupted retraining
    #[arg(long)]
    fresh: bool,
}

fn main() -> anyhow::Result<ExitCode> {
    let arguments = Arguments::parse();
    let paths = Paths::new(arguments.data, arguments.fonts, arguments.work, arguments.output)?;
    if arguments.fresh {
        remove_folder(&paths.work)?;
    }
    let settings = Settings {
        // Those of the shipped network and of the corrections take their places.
        seed: 0,
        retraining: None,
        epochs: arguments.epochs,
        batch: arguments.batch,
        learning_rate: arguments.learning_rate,
    };
    let with_fonts = !arguments.without_fonts;
    match retrain(&settings, arguments.digits, &arguments.corrections, with_fonts, &paths)? {
        Verdict::Written(folder) => {
            print_line(&format!("written: {}", folder.display()))?;
            Ok(ExitCode::SUCCESS)
        }
        Verdict::Refused(objections) => {
            print_line("the retrained network is not better, and nothing was written:")?;
            for objection in objections {
                print_line(&format!("- {objection}"))?;
            }
            Ok(ExitCode::from(REFUSED))
        }
    }
}
