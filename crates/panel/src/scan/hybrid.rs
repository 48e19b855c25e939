//! Runs and bit-packed groups, as Parquet mixes them for levels and for indices into a dictionary.

use parquet::errors::ParquetError;

/// Part of a sequence.
pub(super) enum Part<'a> {
    /// The same value, many times.
    Run(usize, u32),
    /// Values of fixed width, lowest bits first.
    Packed(Packed<'a>),
}

/// Bit-packed values.
pub(super) struct Packed<'a> {
    bytes: &'a [u8],
    width: u32,
    n: usize,
}

impl Packed<'_> {
    /// Calls `f` with each value.
    pub(super) fn each(&self, mut f: impl FnMut(u32)) {
        let mask = (1_u64 << self.width) - 1;
        let width = self.width as usize;
        let word = |at: usize| -> u64 {
            let mut bytes = [0; 8];
            match self.bytes.get(at..at + 8) {
                Some(all) => bytes.copy_from_slice(all),
                None => {
                    let rest = self.bytes.get(at..).unwrap_or_default();
                    bytes.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
                }
            }
            u64::from_le_bytes(bytes)
        };
        for i in 0..self.n {
            let bit = i * width;
            f((word(bit / 8) >> (bit % 8) & mask) as u32);
        }
    }
}

/// Calls `f` with each part of `n` values of a width in bits.
pub(super) fn parts(
    mut bytes: &[u8],
    width: u32,
    n: usize,
    mut f: impl FnMut(Part<'_>),
) -> Result<(), ParquetError> {
    let broken = || ParquetError::General("runs end before their values".to_owned());
    if width > 32 {
        return Err(broken());
    }
    let mut left = n;
    if width == 0 {
        f(Part::Run(left, 0));
        return Ok(());
    }
    while left > 0 {
        let (mut header, mut shift) = (0_u64, 0);
        loop {
            let (&byte, rest) = bytes.split_first().ok_or_else(broken)?;
            bytes = rest;
            header |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                break;
            }
            shift += 7;
            if shift > 35 {
                return Err(broken());
            }
        }
        let count = (header >> 1) as usize;
        if header & 1 == 0 {
            let size = width.div_ceil(8) as usize;
            let (value, rest) = bytes.split_at_checked(size).ok_or_else(broken)?;
            bytes = rest;
            let value = value
                .iter()
                .rev()
                .fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte));
            let count = count.min(left);
            if count == 0 {
                return Err(broken());
            }
            f(Part::Run(count, value));
            left -= count;
        } else {
            let size = count.checked_mul(width as usize).ok_or_else(broken)?;
            let (packed, rest) = bytes.split_at_checked(size.min(bytes.len())).ok_or_else(broken)?;
            let count = count.saturating_mul(8).min(left);
            // Writers may leave out the padding of the last group.
            if count == 0 || packed.len() * 8 < count * width as usize {
                return Err(broken());
            }
            bytes = rest;
            f(Part::Packed(Packed {
                bytes: packed,
                width,
                n: count,
            }));
            left -= count;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Part, parts};

    fn decode(bytes: &[u8], width: u32, n: usize) -> Option<Vec<u32>> {
        let mut out = Vec::new();
        parts(bytes, width, n, |part| match part {
            Part::Run(n, value) => out.extend(std::iter::repeat_n(value, n)),
            Part::Packed(packed) => packed.each(|value| out.push(value)),
        })
        .ok()
        .map(|()| out)
    }

    #[test]
    fn the_example_of_the_format() {
        // 0 to 7 in three bits each, after a run of four fives.
        let bytes = [8, 5, 3, 0b1000_1000, 0b1100_0110, 0b1111_1010];
        let expected = [5, 5, 5, 5, 0, 1, 2, 3, 4, 5, 6, 7];
        assert_eq!(decode(&bytes, 3, 12).as_deref(), Some(&expected[..]));
        assert_eq!(decode(&bytes, 3, 9).as_deref(), Some(&expected[..9]));
        assert_eq!(decode(&bytes[..4], 3, 12), None);
        assert_eq!(decode(&[], 0, 3), Some(vec![0, 0, 0]));
    }
}
