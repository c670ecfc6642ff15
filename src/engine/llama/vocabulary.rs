//! The tokenizer of a model, as llama.cpp has it.

use std::ffi::c_char;

use llama_cpp_sys_2 as sys;

use super::super::{EngineError, Token, Vocabulary};
use super::model::Model;
use super::text::verbatim;

/// What begins and ends thinking: shown even where the file calls it a control token.
const THINKING: [&[u8]; 2] = [b"<think>", b"</think>"];

/// A description of the tokenizer.
pub(super) fn describe(model: &Model) -> Vocabulary {
    let vocab = model.vocab();
    // SAFETY: the model and its vocabulary are alive, as in all calls below.
    if unsafe { sys::llama_vocab_type(vocab) } == sys::LLAMA_VOCAB_TYPE_NONE {
        return Vocabulary::default();
    }
    let named = |token: sys::llama_token| {
        let piece = raw_piece(model, token);
        (token >= 0 && !piece.is_empty()).then(|| String::from_utf8_lossy(&piece).into_owned())
    };
    // SAFETY: as above; the name is null for the default template, and the text belongs to the model.
    let template = unsafe { sys::llama_model_chat_template(model.as_ptr(), std::ptr::null()) };
    Vocabulary {
        // SAFETY: null, or a text that ends with a zero and lives as long as the model.
        chat_template: (!template.is_null()).then(|| unsafe { verbatim(template) }),
        // SAFETY: as above.
        bos: named(unsafe { sys::llama_vocab_bos(vocab) }),
        // SAFETY: as above.
        eos: named(unsafe { sys::llama_vocab_eos(vocab) }),
        // SAFETY: as above.
        adds_bos: unsafe { sys::llama_vocab_get_add_bos(vocab) },
        control: control(model),
        thinks: tokenize(model, "<think>", false).is_ok_and(|tokens| tokens.len() == 1),
        is_there: true,
    }
}

/// The marks between those who speak, as they are written: control tokens, and those of which a file only says that
/// they were added, where they look like one. llama.cpp's conversion (`does_token_look_special`) makes control tokens
/// of these; older files of R1 are from before it did.
fn control(model: &Model) -> Vec<String> {
    let looks_like_one = |written: &str| {
        [("<|", "|>"), ("<｜", "｜>")]
            .iter()
            .any(|(start, end)| written.starts_with(start) && written.ends_with(end))
    };
    // SAFETY: the vocabulary is alive, and each token is one of its own.
    let tokens = 0..unsafe { sys::llama_vocab_n_tokens(model.vocab()) };
    let marks = tokens.filter_map(|token| {
        // SAFETY: as above.
        let kind = unsafe { sys::llama_vocab_get_attr(model.vocab(), token) };
        let of = |kinds| kind & kinds != 0;
        if !of(sys::LLAMA_TOKEN_ATTR_CONTROL | sys::LLAMA_TOKEN_ATTR_USER_DEFINED) {
            return None;
        }
        let written = String::from_utf8(raw_piece(model, token)).ok()?;
        (of(sys::LLAMA_TOKEN_ATTR_CONTROL) || looks_like_one(&written)).then_some(written)
    });
    marks.filter(|written| !written.is_empty()).collect()
}

/// The tokens of a text.
pub(super) fn tokenize(model: &Model, text: &str, bos: bool) -> Result<Vec<Token>, EngineError> {
    let length = i32::try_from(text.len()).map_err(|_| EngineError::Tokenize)?;
    let into = |room: &mut Vec<Token>| {
        let capacity = i32::try_from(room.len()).unwrap_or(i32::MAX);
        // SAFETY: the text is as long as told, and the room has as many places as told; `bos` asks for the special
        // tokens that the file says begin a text, and special tokens in the text are taken for what they are.
        unsafe {
            sys::llama_tokenize(
                model.vocab(),
                text.as_ptr().cast::<c_char>(),
                length,
                room.as_mut_ptr(),
                capacity,
                bos,
                true,
            )
        }
    };
    // A token takes a byte at least, and what is added is one at either end.
    let mut tokens = vec![0; text.len() + 2];
    let count = usize::try_from(into(&mut tokens)).map_err(|_| EngineError::Tokenize)?;
    tokens.truncate(count);
    Ok(tokens)
}

/// The visible text of a token.
pub(super) fn piece(model: &Model, token: Token) -> Vec<u8> {
    let piece = raw_piece(model, token);
    // SAFETY: the vocabulary is alive, and the token is one of its own.
    let control = unsafe { sys::llama_vocab_is_control(model.vocab(), token) };
    if control && !THINKING.contains(&piece.as_slice()) { Vec::new() } else { piece }
}

/// Whether a token ends an answer.
pub(super) fn ends(model: &Model, token: Token) -> bool {
    // SAFETY: the vocabulary is alive, and the token is one of its own.
    unsafe { sys::llama_vocab_is_eog(model.vocab(), token) }
}

fn raw_piece(model: &Model, token: Token) -> Vec<u8> {
    if token < 0 {
        return Vec::new();
    }
    let mut bytes = vec![0_u8; 64];
    loop {
        let room = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
        // SAFETY: the vocabulary is alive, and the buffer is as long as told.
        let length = unsafe {
            sys::llama_token_to_piece(
                model.vocab(),
                token,
                bytes.as_mut_ptr().cast::<c_char>(),
                room,
                0,
                true,
            )
        };
        match usize::try_from(length) {
            Ok(length) => {
                bytes.truncate(length);
                return bytes;
            }
            // The length that it needs, negated.
            Err(_) => bytes.resize(length.unsigned_abs() as usize, 0),
        }
    }
}
