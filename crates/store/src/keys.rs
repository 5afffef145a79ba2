//! The one key file of a data folder: everything secret is derived from its 32 bytes.

use std::fmt;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use hmac::{Hmac, Mac};
use kernel::error::{Error, Refusal, Result};
use sha2::{Digest, Sha256};

type HmacSha256 = Hmac<Sha256>;

/// Keys for digests (matching), sealing (values at rest) and the journal chain.
#[derive(Clone)]
pub struct Keys {
    master: [u8; 32],
    digest: HmacSha256,
    journal: HmacSha256,
    seal: Arc<ChaCha20Poly1305>,
    letter: [u8; 32],
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Keys({})", self.fingerprint())
    }
}

/// The master key written out for paper: sixteen groups of four hexadecimal characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveryCode(pub String);

impl Keys {
    /// Fresh keys from the machine's random source.
    pub fn generate() -> Result<Self> {
        let mut master = [0u8; 32];
        getrandom::fill(&mut master)
            .map_err(|why| Error::fault(format!("no randomness: {why}")))?;
        Self::from_master(master)
    }

    /// The same keys from the same 32 bytes: restores and tests.
    pub fn from_master(master: [u8; 32]) -> Result<Self> {
        let root = hmac(&master)?;
        let sub = |label: &str| root.clone().chain_update(label).finalize().into_bytes();
        Ok(Keys {
            master,
            digest: hmac(&sub("digest"))?,
            journal: hmac(&sub("journal"))?,
            seal: Arc::new(ChaCha20Poly1305::new(&Key::from(<[u8; 32]>::from(sub("seal"))))),
            letter: sub("letter").into(),
        })
    }

    /// Reads the key file; a missing or damaged one is refused with advice, never replaced.
    pub fn load(path: &Path) -> Result<Self> {
        let text = fs::read_to_string(path)
            .map_err(|_| Refusal::unavailable("store.key_missing").arg("path", path.display()))?;
        Self::from_code(&text)
    }

    /// Keys from the recovery code, spaces and dashes ignored.
    pub fn from_code(code: &str) -> Result<Self> {
        let plain: String = code.chars().filter(char::is_ascii_hexdigit).collect();
        let bytes = unhex(&plain).and_then(|bytes| <[u8; 32]>::try_from(bytes).ok());
        match bytes {
            Some(master) => Self::from_master(master),
            None => Err(Refusal::invalid("store.key_damaged").into()),
        }
    }

    /// Writes the key file, readable by its owner only; refuses to overwrite.
    pub fn save(&self, path: &Path) -> Result<()> {
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        file.write_all(self.recovery_code().0.as_bytes())?;
        file.sync_all()?;
        Ok(())
    }

    /// What a county prints and locks away.
    pub fn recovery_code(&self) -> RecoveryCode {
        let plain = hex(&self.master);
        let groups: Vec<&str> = (0..16).filter_map(|i| plain.get(i * 4..i * 4 + 4)).collect();
        RecoveryCode(groups.join("-"))
    }

    /// Eight characters that tell two key files apart without telling anything about the key.
    pub fn fingerprint(&self) -> String {
        hex(&Sha256::digest(self.master)).chars().take(8).collect()
    }

    /// A keyed digest for matching (identity numbers, phones): 32 hexadecimal characters.
    pub fn digest(&self, text: &str) -> String {
        let full = self.digest.clone().chain_update(text).finalize().into_bytes();
        hex(full.get(..16).unwrap_or_default())
    }

    /// The journal's chain: the code of `text` after `previous`.
    pub(crate) fn journal_mac(&self, previous: &str, text: &str) -> String {
        hex(&self.journal.clone().chain_update(previous).chain_update(text).finalize().into_bytes())
    }

    /// The secret half of the address to which letters are sealed.
    pub(crate) fn letter_secret(&self) -> [u8; 32] {
        self.letter
    }

    /// Encrypts a short value for a TEXT column.
    pub fn seal_text(&self, plain: &str) -> Result<String> {
        Ok(hex(&self.seal(plain.as_bytes())?))
    }

    /// Decrypts what [`Keys::seal_text`] made.
    pub fn open_text(&self, sealed: &str) -> Result<String> {
        let bytes = unhex(sealed).ok_or_else(|| Error::fault("sealed text is not hexadecimal"))?;
        String::from_utf8(self.open(&bytes)?).map_err(|_| Error::fault("sealed text is not UTF-8"))
    }

    /// Encrypts a file's bytes: nonce, then ciphertext with its tag.
    pub fn seal(&self, plain: &[u8]) -> Result<Vec<u8>> {
        let mut nonce = [0u8; 12];
        getrandom::fill(&mut nonce).map_err(|why| Error::fault(format!("no randomness: {why}")))?;
        let sealed = self
            .seal
            .encrypt(&Nonce::from(nonce), plain)
            .map_err(|_| Error::fault("sealing failed"))?;
        let mut out = nonce.to_vec();
        out.extend(sealed);
        Ok(out)
    }

    /// Decrypts; a wrong key or damaged bytes are refused.
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>> {
        let refused = || Error::from(Refusal::unavailable("store.wrong_key"));
        let (nonce, body) = sealed.split_at_checked(12).ok_or_else(refused)?;
        let nonce = <[u8; 12]>::try_from(nonce).map_err(|_| refused())?;
        self.seal.decrypt(&Nonce::from(nonce), body).map_err(|_| refused())
    }
}

fn hmac(key: &[u8]) -> Result<HmacSha256> {
    HmacSha256::new_from_slice(key).map_err(|why| Error::fault(format!("key length: {why}")))
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
    let digit = |nibble: u8| DIGITS.get(usize::from(nibble)).copied().unwrap_or('0');
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) {
        return None;
    }
    let nibble = |c: char| c.to_digit(16).and_then(|n| u8::try_from(n).ok());
    let digits: Vec<u8> = text.chars().map(nibble).collect::<Option<_>>()?;
    Some(
        digits.chunks_exact(2).filter_map(|pair| Some(pair.first()? << 4 | pair.get(1)?)).collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_only_with_the_same_key() {
        let keys = Keys::from_master([7; 32]).unwrap();
        let sealed = keys.seal_text("110105194912310021").unwrap();
        assert!(!sealed.contains("1949"));
        assert_eq!(keys.open_text(&sealed).unwrap(), "110105194912310021");
        assert!(Keys::from_master([8; 32]).unwrap().open_text(&sealed).is_err());
    }

    #[test]
    fn the_recovery_code_brings_the_keys_back() {
        let keys = Keys::generate().unwrap();
        let code = keys.recovery_code();
        assert_eq!(code.0.len(), 16 * 4 + 15);
        let again = Keys::from_code(&code.0.to_uppercase().replace('-', " ")).unwrap();
        assert_eq!(again.digest("x"), keys.digest("x"));
        assert_eq!(again.fingerprint(), keys.fingerprint());
    }

    #[test]
    fn the_key_file_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key");
        let keys = Keys::generate().unwrap();
        keys.save(&path).unwrap();
        assert!(Keys::generate().unwrap().save(&path).is_err());
        assert_eq!(Keys::load(&path).unwrap().fingerprint(), keys.fingerprint());
    }
}
