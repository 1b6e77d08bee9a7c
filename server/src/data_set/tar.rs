//! The data set as a TAR archive.

use futures_util::{Stream, stream};
use tar::{EntryType, Header};
use tracing::error;

use super::{Contents, DataSetError, Part, Parts, parts};
use crate::store::Store;

/// Entries are padded to whole blocks, and two empty blocks end an archive.
const BLOCK: usize = 512;

/// The bytes of the archive. It breaks off where the export does, without its end.
pub(crate) fn archive(store: Store, contents: Contents) -> impl Stream<Item = Result<Vec<u8>, DataSetError>> {
    let archive = Archive {
        parts: parts(store, contents),
        padding: 0,
    };
    stream::try_unfold(Some(archive), |archive| async move {
        let Some(mut archive) = archive else { return Ok(None) };
        let bytes = match archive.parts.recv().await {
            None => return Ok(Some((vec![0; archive.padding + 2 * BLOCK], None))),
            Some(Err(cause)) => {
                error!("La exportación de correcciones se cortó: {cause}");
                return Err(cause);
            }
            Some(Ok(Part::Bytes(bytes))) => bytes,
            Some(Ok(Part::File(name, size))) => archive.begin(&name, size)?,
        };
        Ok(Some((bytes, Some(archive))))
    })
}

struct Archive {
    parts: Parts,
    /// Bytes that are missing behind the file.
    padding: usize,
}

impl Archive {
    /// The end of the file before, and the header of this one.
    fn begin(&mut self, name: &str, size: u64) -> Result<Vec<u8>, DataSetError> {
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::Regular);
        header.set_path(name)?;
        header.set_size(size);
        header.set_mode(0o644);
        header.set_cksum();
        let mut bytes = vec![0; self.padding];
        bytes.extend_from_slice(header.as_bytes());
        let over = size % BLOCK as u64;
        self.padding = if over == 0 {
            0
        } else {
            BLOCK - usize::try_from(over).unwrap_or_default()
        };
        Ok(bytes)
    }
}
