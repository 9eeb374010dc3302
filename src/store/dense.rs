//! Values made small before they are sealed: afterwards nothing can. Pages and tail take half the room, and less is read,
//! unsealed and copied at a start than unpacking them costs.
//!
//! A dense value is `0xff ‖ length (4, little-endian) ‖ LZ4 block`. All values that are made dense are CBOR, which
//! never begins with `0xff`, so others, small ones and those of earlier versions, are as they are.

/// What a dense value begins with.
const DENSE: u8 = 0xff;
/// Smaller values stay as they are: an edit's operation has nothing in it that comes twice.
const LEAST: usize = 1024;
/// What one may unpack to: pages have half a megabyte, an entry of the tail a few.
const MOST: usize = 256 << 20;

/// Makes a value dense, if that makes it smaller.
pub fn pack(value: Vec<u8>) -> Vec<u8> {
    if value.len() < LEAST {
        return value;
    }
    let Ok(length) = u32::try_from(value.len()) else { return value };
    let mut dense = vec![0; 5 + lz4_flex::block::get_maximum_output_size(value.len())];
    let Ok(written) = lz4_flex::block::compress_into(&value, &mut dense[5..]) else { return value };
    if 5 + written >= value.len() {
        return value;
    }
    dense[0] = DENSE;
    dense[1..5].copy_from_slice(&length.to_le_bytes());
    dense.truncate(5 + written);
    dense
}

/// The value as it was; none if it cannot have been made by [`pack`].
pub fn unpack(value: Vec<u8>) -> Option<Vec<u8>> {
    let Some((&DENSE, rest)) = value.split_first() else { return Some(value) };
    let (length, block) = rest.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok().filter(|length| *length <= MOST)?;
    let unpacked = lz4_flex::block::decompress(block, length).ok()?;
    (unpacked.len() == length).then_some(unpacked)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_comes_back_and_is_smaller_where_it_repeats_itself() {
        let text = "王芳 13812345678 海淀区中关村大街 ".repeat(400).into_bytes();
        let dense = pack(text.clone());
        assert!(dense.len() * 10 < text.len(), "{} of {}", dense.len(), text.len());
        assert_eq!(unpack(dense), Some(text));
    }

    #[test]
    fn small_ones_and_those_without_repetition_stay_as_they_are() {
        let mut seed = 1_u32;
        let noise: Vec<u8> = std::iter::repeat_with(|| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 24) as u8 & 0x7f
        })
        .take(5_000)
        .collect();
        for value in [vec![], vec![0x80; 1_000], noise] {
            assert_eq!(pack(value.clone()).len(), value.len());
            assert_eq!(unpack(value.clone()), Some(value));
        }
    }

    #[test]
    fn what_was_never_packed_is_none() {
        let dense = pack(vec![7; 4_000]);
        for length in 1..dense.len() {
            assert_eq!(unpack(dense[..length].to_vec()), None, "{length} bytes");
        }
        assert_eq!(unpack(vec![DENSE, 255, 255, 255, 255, 1, 2, 3]), None);
        for place in 1..5 {
            let mut other = dense.clone();
            other[place] ^= 1;
            assert_eq!(unpack(other), None, "length altered at {place}");
        }
    }
}
