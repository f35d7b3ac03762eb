//! Message encryption for Web Push (RFC 8291) in the content coding aes128gcm (RFC 8188), on ring.

use ring::{
    aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey},
    agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral},
    hkdf::{HKDF_SHA256, KeyType, Prk, Salt},
    rand::{SecureRandom, SystemRandom},
};

/// The longest plain text that fits into the 4,096 bytes that every push service takes.
pub const MAX_PLAIN: usize = 4096 - HEADER - TAG - 1;
const HEADER: usize = 16 + 4 + 1 + 65;
const TAG: usize = 16;

struct Length(usize);

impl KeyType for Length {
    fn len(&self) -> usize {
        self.0
    }
}

/// The body of a push message that only the browser with this key and secret can read. None when the key is not a point on
/// the curve, or the text is longer than [`MAX_PLAIN`].
pub fn encrypt(plain: &[u8], p256dh: &[u8], auth: &[u8]) -> Option<Vec<u8>> {
    let random = SystemRandom::new();
    let private = EphemeralPrivateKey::generate(&ECDH_P256, &random).ok()?;
    let mut salt = [0; 16];
    random.fill(&mut salt).ok()?;
    if plain.len() > MAX_PLAIN {
        return None;
    }
    let public = private.compute_public_key().ok()?;
    let theirs = UnparsedPublicKey::new(&ECDH_P256, p256dh);
    let key: [u8; 32] = agree_ephemeral(private, &theirs, |shared| {
        let prk = Salt::new(HKDF_SHA256, auth).extract(shared);
        expand(&prk, &[b"WebPush: info\0", p256dh, public.as_ref()])
    })
    .ok()??;
    let prk = Salt::new(HKDF_SHA256, &salt).extract(&key);
    let cek: [u8; 16] = expand(&prk, &[b"Content-Encoding: aes128gcm\0"])?;
    let nonce: [u8; 12] = expand(&prk, &[b"Content-Encoding: nonce\0"])?;

    let mut record = Vec::with_capacity(plain.len() + 1 + TAG);
    record.extend_from_slice(plain);
    // The delimiter of the last record; no padding.
    record.push(2);
    let key = LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &cek).ok()?);
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::empty(), &mut record)
        .ok()?;
    let mut body = Vec::with_capacity(HEADER + record.len());
    body.extend_from_slice(&salt);
    body.extend_from_slice(&4096u32.to_be_bytes());
    body.push(65);
    body.extend_from_slice(public.as_ref());
    body.extend_from_slice(&record);
    Some(body)
}

fn expand<const N: usize>(prk: &Prk, info: &[&[u8]]) -> Option<[u8; N]> {
    let mut out = [0; N];
    prk.expand(info, Length(N)).ok()?.fill(&mut out).ok()?;
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_key_is_refused_and_so_is_what_is_too_long() {
        let random = SystemRandom::new();
        let theirs = EphemeralPrivateKey::generate(&ECDH_P256, &random).unwrap();
        let public = theirs.compute_public_key().unwrap();
        let body = encrypt(&[b'x'; MAX_PLAIN], public.as_ref(), &[1; 16]).unwrap();
        assert_eq!(body.len(), 4096);
        assert!(encrypt(&[b'x'; MAX_PLAIN + 1], public.as_ref(), &[1; 16]).is_none());
        let mut off_the_curve = public.as_ref().to_vec();
        off_the_curve[64] ^= 1;
        assert!(encrypt(b"x", &off_the_curve, &[1; 16]).is_none());
    }
}
