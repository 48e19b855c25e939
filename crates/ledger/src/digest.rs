//! SHA-256 digests and the Merkle root of a batch.

use sha2::{Digest as _, Sha256};

/// A SHA-256 digest; printed as 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// Thirty-two zeros: stands for what is no digest.
    pub(crate) const ZERO: Self = Self([0; 32]);

    /// Returns the SHA-256 digest of the parts, one after the other.
    #[must_use]
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update(part);
        }
        Self(hasher.finalize().into())
    }

    /// Returns the 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns the digest that `bytes` are, where there are 32 of them.
    #[must_use]
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl std::fmt::Debug for Digest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

/// Returns the Merkle root of a batch's leaves.
///
/// A leaf enters as SHA-256(0x00 ‖ leaf) and a node is SHA-256(0x01 ‖ left ‖ right), so that no node can pass for a
/// leaf; a list of n > 1 is split at the largest power of two below n. The root of no leaves is SHA-256 of nothing.
///
/// # Source
/// RFC 6962, section 2.1.
#[must_use]
pub fn merkle_root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => Digest::of(&[]),
        [leaf] => Digest::of(&[&[0], leaf.as_bytes()]),
        _ => {
            let at = leaves.len().next_power_of_two() / 2;
            let (left, right) = leaves.split_at(at);
            Digest::of(&[&[1], merkle_root(left).as_bytes(), merkle_root(right).as_bytes()])
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_split_at_the_largest_power_of_two_below_its_length() {
        let leaves: Vec<Digest> = (0..5_u8).map(|n| Digest::of(&[&[n]])).collect();
        let hash = |left: Digest, right: Digest| Digest::of(&[&[1], left.as_bytes(), right.as_bytes()]);
        let h: Vec<Digest> = leaves.iter().map(|leaf| merkle_root(&[*leaf])).collect();
        let by_hand = hash(hash(hash(h[0], h[1]), hash(h[2], h[3])), h[4]);
        assert_eq!(merkle_root(&leaves), by_hand);
    }

    #[test]
    fn digest_of_nothing_is_the_published_one() {
        assert_eq!(
            Digest::of(&[]).to_string(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
    }
}
