/// Text from bytes that come in pieces: a character may begin in one piece and end in the next.
#[derive(Clone, Debug, Default)]
pub struct Utf8Stream {
    /// The beginning of a character, three bytes at most.
    pending: Vec<u8>,
}

impl Utf8Stream {
    /// The characters that are whole with this piece. What is no UTF-8 comes as the replacement character.
    pub fn push(&mut self, piece: &[u8]) -> String {
        self.pending.extend_from_slice(piece);
        let bytes = std::mem::take(&mut self.pending);
        let mut text = String::with_capacity(bytes.len());
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            match std::str::from_utf8(rest) {
                Ok(whole) => {
                    text.push_str(whole);
                    break;
                }
                Err(error) => {
                    let (whole, broken) = rest.split_at(error.valid_up_to());
                    text.push_str(&String::from_utf8_lossy(whole));
                    let Some(length) = error.error_len() else {
                        self.pending = broken.to_vec();
                        break;
                    };
                    text.push(char::REPLACEMENT_CHARACTER);
                    rest = &broken[length..];
                }
            }
        }
        text
    }

    /// What is left when nothing more comes: a character that never ended.
    pub fn finish(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.pending)).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Utf8Stream;

    #[test]
    fn a_character_appears_when_its_last_byte_has_come() {
        let mut stream = Utf8Stream::default();
        let said: Vec<String> = "a好☺".bytes().map(|byte| stream.push(&[byte])).collect();
        assert_eq!(said, ["a", "", "", "好", "", "", "☺"]);
        assert_eq!(stream.push(&[0xe5, 0xa5]), "");
        assert_eq!(stream.finish(), "\u{fffd}");
    }

    proptest! {
        #[test]
        fn text_comes_out_as_it_went_in_however_it_is_cut(text: String, cut in 1_usize..7) {
            let mut stream = Utf8Stream::default();
            let mut out: String = text.as_bytes().chunks(cut).map(|piece| stream.push(piece)).collect();
            out.push_str(&stream.finish());
            prop_assert_eq!(out, text);
        }

        #[test]
        fn any_bytes_come_out_as_the_standard_library_reads_them(bytes: Vec<u8>, cut in 1_usize..7) {
            let mut stream = Utf8Stream::default();
            let mut out: String = bytes.chunks(cut).map(|piece| stream.push(piece)).collect();
            out.push_str(&stream.finish());
            prop_assert_eq!(out, String::from_utf8_lossy(&bytes));
        }
    }
}
