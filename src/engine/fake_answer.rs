//! What the fake says: a thought and an answer that follow from the question, in tokens of one byte each, so that
//! characters end in another token than they begin in.

use super::{Sampled, Sampling, Token, Vocabulary};

/// Texts that are one token, from the first number behind the bytes on; the last ends an answer.
const SPECIAL: [&str; 6] = [
    "<｜begin▁of▁sentence｜>",
    "<｜User｜>",
    "<｜Assistant｜>",
    "<think>",
    "</think>",
    "<｜end▁of▁sentence｜>",
];

const NEW_LINE: Token = b'\n' as Token;

/// Lays a conversation out as R1 does.
const TEMPLATE: &str = "{{ bos_token }}{% for message in messages %}{% if message['role'] == 'user' %}\
    {{ '<｜User｜>' + message['content'] }}{% elif message['role'] == 'assistant' %}\
    {{ '<｜Assistant｜>' + message['content'].split('</think>')[-1] + '<｜end▁of▁sentence｜>' }}{% else %}\
    {{ message['content'] }}{% endif %}{% endfor %}\
    {% if add_generation_prompt %}{{ '<｜Assistant｜><think>\\n' }}{% endif %}";

pub(super) fn vocabulary() -> Vocabulary {
    Vocabulary {
        chat_template: Some(TEMPLATE.to_owned()),
        bos: SPECIAL.first().map(|bos| (*bos).to_owned()),
        eos: SPECIAL.last().map(|eos| (*eos).to_owned()),
        adds_bos: true,
        control: SPECIAL.iter().map(|written| (*written).to_owned()).collect(),
        thinks: true,
        is_there: true,
    }
}

fn number_of(special: usize) -> Token {
    Token::try_from(256 + special).unwrap_or_default()
}

pub(super) fn tokenize(text: &str, bos: bool) -> Vec<Token> {
    let mut tokens = if bos { vec![number_of(0)] } else { Vec::new() };
    let mut rest = text;
    while let Some(first) = rest.bytes().next() {
        let special = SPECIAL.iter().position(|special| rest.starts_with(special));
        if let Some(special) = special {
            tokens.push(number_of(special));
            rest = &rest[SPECIAL[special].len()..];
        } else {
            tokens.push(Token::from(first));
            let next = rest.char_indices().nth(1).map_or(rest.len(), |(next, _)| next);
            tokens.extend(rest.bytes().take(next).skip(1).map(Token::from));
            rest = &rest[next..];
        }
    }
    tokens
}

fn bytes(tokens: &[Token]) -> Vec<u8> {
    tokens.iter().flat_map(|token| piece(*token)).collect()
}

/// The bytes of a token.
fn piece(token: Token) -> Vec<u8> {
    u8::try_from(token).map_or_else(
        |_| {
            SPECIAL
                .get((token - 256).unsigned_abs() as usize)
                .map_or_else(Vec::new, |text| text.as_bytes().to_vec())
        },
        |byte| vec![byte],
    )
}

/// The token that follows those in the cache.
pub(super) fn next(cached: &[Token], sampling: &Sampling, endless: bool) -> Sampled {
    let answer_from = cached.iter().rposition(|token| *token == number_of(2)).map_or(0, |at| at + 1);
    let question_from = cached[..answer_from].iter().rposition(|token| *token == number_of(1));
    let question = &cached[question_from.map_or(0, |at| at + 1)..answer_from.saturating_sub(1)];
    let whole = script(&String::from_utf8_lossy(&bytes(question)), sampling, endless);
    // How the answer was opened is no part of what the fake says.
    let opening =
        cached[answer_from..].iter().take_while(|token| **token == number_of(3) || **token == NEW_LINE);
    let said = bytes(&cached[answer_from + opening.count()..]).len();
    let said = if endless { said % whole.len() } else { said };
    match token_at(&whole, said) {
        Some(token) => Sampled { token, piece: piece(token), ends: false },
        None => Sampled { token: number_of(5), piece: Vec::new(), ends: true },
    }
}

fn script(question: &str, sampling: &Sampling, endless: bool) -> String {
    let words = question.split_whitespace().count();
    if endless {
        return "Wait, let me think again. ".to_owned();
    }
    format!(
        "The question has {words} words. 好的，I think at {:.1}.\n</think>\n\nYou said: {question} ☺",
        sampling.temperature
    )
}

fn token_at(whole: &str, byte: usize) -> Option<Token> {
    let rest = whole.as_bytes().get(byte..).filter(|rest| !rest.is_empty())?;
    // What it says of a mark between those who speak is text.
    let special = [3, 4].into_iter().find(|special| rest.starts_with(SPECIAL[*special].as_bytes()));
    Some(special.map_or(Token::from(rest[0]), number_of))
}
