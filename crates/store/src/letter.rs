//! Sealed letters: who knows the county's address can write one, and only the county's key file opens it. So a process that
//! stands outside can take something in for the county and not read it back.
//!
//! Each letter has a key of its own: a fresh X25519 pair meets the county's, and HMAC-SHA256 makes of what they share, and of
//! both public halves, the key of ChaCha20-Poly1305. The key is used once, so the nonce may be constant.

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use hmac::{Hmac, Mac};
use kernel::error::{Error, Refusal, Result};
use sha2::Sha256;
use x25519_dalek::{X25519_BASEPOINT_BYTES, x25519};

use crate::keys::{Keys, hex, unhex};

/// The form of the letter; another one gets another number.
const VERSION: u8 = 1;

/// To whom a letter is sealed: the public half of a county's key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LetterAddress([u8; 32]);

impl LetterAddress {
    /// Reads the 64 hexadecimal characters of an address.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        unhex(text)?.try_into().ok().map(Self)
    }

    /// The address as 64 hexadecimal characters.
    #[must_use]
    pub fn text(&self) -> String {
        hex(&self.0)
    }

    /// Seals a letter; nobody but the owner of the address reads it, not even who wrote it.
    ///
    /// # Errors
    /// A fault without randomness, or for an address that is no point of the curve.
    pub fn seal(&self, plain: &[u8]) -> Result<Vec<u8>> {
        let mut own = [0_u8; 32];
        getrandom::fill(&mut own).map_err(|why| Error::fault(format!("no randomness: {why}")))?;
        let sender = x25519(own, X25519_BASEPOINT_BYTES);
        let cipher = cipher(x25519(own, self.0), &sender, &self.0)?;
        let body = cipher
            .encrypt(&Nonce::from([0; 12]), plain)
            .map_err(|_| Error::fault("sealing failed"))?;
        let mut letter = vec![VERSION];
        letter.extend(sender);
        letter.extend(body);
        Ok(letter)
    }
}

impl Keys {
    /// The address to which letters for this county are sealed.
    #[must_use]
    pub fn letter_address(&self) -> LetterAddress {
        LetterAddress(x25519(self.letter_secret(), X25519_BASEPOINT_BYTES))
    }

    /// Opens a letter.
    ///
    /// # Errors
    /// `store.wrong_key` for a letter to somebody else, and for one that was changed or broken off.
    pub fn open_letter(&self, letter: &[u8]) -> Result<Vec<u8>> {
        let refused = || Error::from(Refusal::unavailable("store.wrong_key"));
        let (version, rest) = letter.split_first().ok_or_else(refused)?;
        let (sender, body) = rest.split_at_checked(32).ok_or_else(refused)?;
        let sender = <[u8; 32]>::try_from(sender).map_err(|_| refused())?;
        if *version != VERSION {
            return Err(refused());
        }
        let shared = x25519(self.letter_secret(), sender);
        let cipher = cipher(shared, &sender, &self.letter_address().0).map_err(|_| refused())?;
        cipher.decrypt(&Nonce::from([0; 12]), body).map_err(|_| refused())
    }
}

fn cipher(shared: [u8; 32], sender: &[u8; 32], to: &[u8; 32]) -> Result<ChaCha20Poly1305> {
    // a point of small order shares nothing that is secret
    if shared == [0; 32] {
        return Err(Error::fault("an address that is no address"));
    }
    let mac = Hmac::<Sha256>::new_from_slice(&shared)
        .map_err(|why| Error::fault(format!("key length: {why}")))?;
    let key = mac.chain_update("shouwang letter").chain_update(sender).chain_update(to);
    Ok(ChaCha20Poly1305::new(&Key::from(<[u8; 32]>::from(key.finalize().into_bytes()))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_county_reads_what_was_sealed_to_it() {
        let keys = Keys::from_master([7; 32]).unwrap();
        let address = LetterAddress::parse(&keys.letter_address().text()).unwrap();
        let plain = "房子漏雨，身份证 110105194912310021".as_bytes();
        let (one, two) = (address.seal(plain).unwrap(), address.seal(plain).unwrap());
        assert_ne!(one, two, "two letters of one text show nothing of it");
        assert_eq!(keys.open_letter(&one).unwrap(), plain);
        assert_eq!(keys.open_letter(&two).unwrap(), plain);
        let stranger = Keys::from_master([8; 32]).unwrap();
        assert!(stranger.open_letter(&one).is_err());
        assert_ne!(stranger.letter_address(), address);
    }

    #[test]
    fn a_letter_that_was_changed_or_broken_off_does_not_open() {
        let keys = Keys::from_master([7; 32]).unwrap();
        let letter = keys.letter_address().seal(b"text").unwrap();
        for at in 0..letter.len() {
            let mut changed = letter.clone();
            changed[at] ^= 1;
            assert!(keys.open_letter(&changed).is_err(), "byte {at}");
            assert!(keys.open_letter(&letter[..at]).is_err(), "broken off at {at}");
        }
    }

    #[test]
    fn an_address_that_is_no_point_of_the_curve_seals_nothing() {
        assert!(LetterAddress([0; 32]).seal(b"text").is_err());
        assert!(LetterAddress::parse("00").is_none());
    }
}
