//! The data set as files in a folder.

use std::{
    fs::{File, create_dir_all},
    io::Write,
    path::Path,
};

use super::{Contents, DataSetError, Part, parts};
use crate::store::Store;

/// Writes all files of the data set into a folder, which is made if it doesn't exist. Files that exist aren't replaced. Returns
/// the number of files. After an error the folder has a part of them.
pub(crate) async fn write_to(store: Store, folder: &Path) -> Result<u64, DataSetError> {
    create_dir_all(folder)?;
    let mut parts = parts(store, Contents::All);
    let (mut file, mut files) = (None, 0);
    while let Some(part) = parts.recv().await {
        match part? {
            Part::File(name, _) => {
                let path = folder.join(name);
                path.parent().map(create_dir_all).transpose()?;
                file = Some(File::create_new(path)?);
                files += 1;
            }
            Part::Bytes(bytes) => {
                if let Some(file) = &mut file {
                    file.write_all(&bytes)?;
                }
            }
        }
    }
    Ok(files)
}
