//! Bounds on what is read: whoever hands in a file must not be able to exhaust the memory of the register with it.

use std::io::{Cursor, Read};

use memchr::memmem;
use zip::ZipArchive;

use crate::{
    error::{damaged, why},
    reading::Why,
};

/// Largest file: the largest real list met so far has 3.3 MiB.
pub const MAX_FILE_BYTES: u64 = 64 << 20;
/// Largest content of all parts of a workbook together, unpacked.
pub const MAX_UNPACKED_BYTES: u64 = 256 << 20;
/// Largest part of a workbook, unpacked, whose ratio is not looked at: sheets of styled blank cells pack very well.
const FREE_RATIO_BYTES: u64 = 8 << 20;
/// Largest ratio of unpacked to packed above that.
const MAX_RATIO: u64 = 250;
/// Most parts of a workbook.
const MAX_PARTS: usize = 4_096;
/// Most sheets of a workbook.
pub const MAX_SHEETS: usize = 255;
/// Most cells with text of a workbook.
pub const MAX_CELLS: usize = 5_000_000;
/// Most text of all cells of a workbook, in bytes.
pub const MAX_TEXT_BYTES: usize = 256 << 20;
/// Most columns of a table that are looked at.
pub const MAX_COLUMNS: usize = 512;
/// Characters of a cell of a workbook at most; a cell with exactly as many was probably cut off when it was saved.
pub const CELL_CHARS: usize = 32_767;

pub(crate) fn file_too_large(bytes: u64) -> Why {
    why(
        "FILE_TOO_LARGE",
        format!("文件有{}MB，上限{}MB；请按部门或年度拆分后再导入", bytes >> 20, MAX_FILE_BYTES >> 20),
        format!("the file has {} MiB, {} at most; split it by agency or year", bytes >> 20, MAX_FILE_BYTES >> 20),
    )
}

pub(crate) fn too_many_cells() -> Why {
    why(
        "TOO_MANY_CELLS",
        format!(
            "表格过大：最多{MAX_SHEETS}个工作表、{MAX_CELLS}个有内容的单元格、{}MB文字；请删除多余的行列或拆分文件",
            MAX_TEXT_BYTES >> 20
        ),
        format!(
            "the tables are too large: {MAX_SHEETS} sheets, {MAX_CELLS} filled cells and {} MiB of text at most; delete what is not needed, or split the file",
            MAX_TEXT_BYTES >> 20
        ),
    )
}

fn unpacks_too_large() -> Why {
    why(
        "UNPACKS_TOO_LARGE",
        format!("压缩内容解开后过大（上限{}MB），疑似压缩炸弹，未予读取；请另存为新文件", MAX_UNPACKED_BYTES >> 20),
        format!(
            "its packed content is too large when unpacked ({} MiB at most), as that of a zip bomb; save it as a new file",
            MAX_UNPACKED_BYTES >> 20
        ),
    )
}

/// Looks through the parts of a packed workbook before anything else does: first at the sizes that its directory declares,
/// then, as a directory can lie, at what really comes out, without keeping it.
pub(crate) fn check_package(bytes: &[u8]) -> Result<(), Why> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
    if archive.len() > MAX_PARTS {
        return Err(unpacks_too_large());
    }
    let mut declared = 0_u64;
    for i in 0..archive.len() {
        let part = archive.by_index_raw(i).map_err(damaged)?;
        declared = declared.saturating_add(part.size());
        let ratio = part.size() / part.compressed_size().max(1);
        if declared > MAX_UNPACKED_BYTES || part.size() > FREE_RATIO_BYTES && ratio > MAX_RATIO {
            return Err(unpacks_too_large());
        }
    }
    let mut left = MAX_UNPACKED_BYTES;
    for i in 0..archive.len() {
        let part = archive.by_index(i).map_err(|error| match error {
            zip::result::ZipError::UnsupportedArchive(_) => encrypted(),
            other => damaged(other),
        })?;
        let packed = part.compressed_size();
        let size = check_part(part, left)?;
        if size > FREE_RATIO_BYTES && size / packed.max(1) > MAX_RATIO {
            return Err(unpacks_too_large());
        }
        left -= size;
    }
    Ok(())
}

pub(crate) fn encrypted() -> Why {
    why(
        "FILE_ENCRYPTED",
        "文件已加密或设有打开密码，无法读取；请取消密码后另存再导入",
        "the file is encrypted or asks for a password; save it without one and import that",
    )
}

/// Unpacks one part into nothing and gives its size.
///
/// The workbook reader reserves room for as many shared strings as a part announces; an announcement that is larger than
/// the part itself is a lie that would end the process, so it is looked for here.
fn check_part(mut part: impl Read, left: u64) -> Result<u64, Why> {
    const NEEDLE: &[u8] = b"uniqueCount";
    const OVERLAP: usize = 4 << 10;
    let mut buffer = vec![0; OVERLAP + (64 << 10)];
    let (mut kept, mut size, mut announced) = (0, 0_u64, 0_u64);
    loop {
        let read = part.read(&mut buffer[kept..]).map_err(damaged)?;
        size += read as u64;
        if size > left {
            return Err(unpacks_too_large());
        }
        let filled = kept + read;
        for at in memmem::find_iter(&buffer[..filled], NEEDLE) {
            let digits = buffer[at + NEEDLE.len()..filled].iter().skip_while(|b| b"='\" \n\r\t".contains(b));
            let number =
                digits.take_while(|b| b.is_ascii_digit()).fold(0_u64, |n, b| n.saturating_mul(10).saturating_add(u64::from(b - b'0')));
            announced = announced.max(number);
        }
        if read == 0 {
            break;
        }
        kept = filled.min(OVERLAP);
        buffer.copy_within(filled - kept..filled, 0);
    }
    if announced > size {
        return Err(damaged(format!("{announced} shared strings announced in {size} bytes")));
    }
    Ok(size)
}
