//! The sandbox that templates run in: Jinja without anything that could run long, grow large or reach outside. No SQL, no
//! HTTP.
//!
//! What always holds: a template ends after [`FUEL`] steps, its result has at most [`MAX_OUTPUT`] bytes, and what it holds
//! in between grows only as its source does. For the last there are no `set`, `with` and `macro`, no `recursive` loops and
//! no multiplication, with each of which twenty lines could double a text twenty times over.

use std::{collections::HashSet, io, sync::OnceLock};

use minijinja::{
    AutoEscape, Environment, ErrorKind, UndefinedBehavior, filters,
    machinery::{Token, tokenize},
    syntax::SyntaxConfig,
    tests,
};
use serde_json::{Map, Value};

/// Steps that one text may take.
const FUEL: u64 = 20_000;
/// Bytes that one text may come to.
pub const MAX_OUTPUT: usize = 256 * 1024;
/// The statements that there are.
const STATEMENTS: &[&str] = &["if", "elif", "else", "endif", "for", "endfor", "raw", "endraw"];

/// Why a text cannot be rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RenderError {
    /// These variables are not in the data.
    Missing(Vec<String>),
    /// Anything else, in words.
    Failed(String),
}

fn environment() -> &'static Environment<'static> {
    static ENVIRONMENT: OnceLock<Environment<'static>> = OnceLock::new();
    ENVIRONMENT.get_or_init(|| {
        let mut env = Environment::empty();
        env.set_undefined_behavior(UndefinedBehavior::Strict);
        env.set_recursion_limit(50);
        env.set_fuel(Some(FUEL));
        env.set_auto_escape_callback(|name| {
            if name == "html" {
                AutoEscape::Html
            } else {
                AutoEscape::None
            }
        });
        env.add_filter("upper", filters::upper);
        env.add_filter("lower", filters::lower);
        env.add_filter("title", filters::title);
        env.add_filter("capitalize", filters::capitalize);
        env.add_filter("trim", filters::trim);
        env.add_filter("default", filters::default);
        env.add_filter("length", filters::length);
        env.add_filter("first", filters::first);
        env.add_filter("last", filters::last);
        env.add_filter("round", filters::round);
        env.add_filter("int", filters::int);
        env.add_filter("join", filters::join);
        env.add_test("defined", tests::is_defined);
        env.add_test("none", tests::is_none);
        env
    })
}

/// Whether a text is a template that may run.
///
/// # Errors
/// What is wrong with it, in words.
pub fn check(source: &str) -> Result<(), String> {
    let mut statement_follows = false;
    for token in tokenize(source, false, SyntaxConfig::default()) {
        let (token, span) = token.map_err(|error| in_words(&error))?;
        let line = span.start_line;
        match token {
            Token::Ident(name) if statement_follows && !STATEMENTS.contains(&name) => {
                return Err(format!(
                    "line {line}: there is no `{name}` in templates; there are {}",
                    STATEMENTS.join(", ")
                ));
            }
            Token::Ident("recursive") => return Err(format!("line {line}: loops cannot be recursive")),
            Token::Mul | Token::Pow => {
                return Err(format!(
                    "line {line}: there is no multiplication in templates; hand the result in"
                ));
            }
            _ => {}
        }
        statement_follows = matches!(token, Token::BlockStart);
    }
    let template = environment()
        .template_from_named_str("text", source)
        .map_err(|error| in_words(&error))?;
    drop(template);
    for name in filters_of(source) {
        if !FILTERS.contains(&name.as_str()) {
            return Err(format!("there is no filter `{name}`; there are {}", FILTERS.join(", ")));
        }
    }
    Ok(())
}

const FILTERS: &[&str] = &[
    "upper",
    "lower",
    "title",
    "capitalize",
    "trim",
    "default",
    "length",
    "first",
    "last",
    "round",
    "int",
    "join",
];

/// Names that follow a bar.
fn filters_of(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut after_pipe = false;
    for (token, _) in tokenize(source, false, SyntaxConfig::default()).flatten() {
        if let Token::Ident(name) = token
            && after_pipe
        {
            names.push(name.to_owned());
        }
        after_pipe = matches!(token, Token::Pipe);
    }
    names
}

/// The variables that a text uses, `a.b` as such.
#[must_use]
pub fn variables(source: &str) -> HashSet<String> {
    environment()
        .template_from_named_str("text", source)
        .map(|template| template.undeclared_variables(true))
        .unwrap_or_default()
}

/// What a text comes to with this data; `html` escapes values for HTML.
///
/// # Errors
/// Which variables are missing, or what else is wrong.
pub fn render(source: &str, data: &Map<String, Value>, html: bool) -> Result<String, RenderError> {
    check(source).map_err(RenderError::Failed)?;
    let failed = |error: &minijinja::Error| match error.kind() {
        ErrorKind::UndefinedError => RenderError::Missing(missing(source, data)),
        _ => RenderError::Failed(in_words(error)),
    };
    let template = environment()
        .template_from_named_str(if html { "html" } else { "text" }, source)
        .map_err(|error| failed(&error))?;
    let mut output = Limited(Vec::new());
    template
        .render_captured_to(minijinja::value::Serde(data), &mut output)
        .map_err(|error| failed(&error))?;
    String::from_utf8(output.0).map_err(|_| RenderError::Failed("the result is no text".to_owned()))
}

/// The variables of a text that the data does not have.
fn missing(source: &str, data: &Map<String, Value>) -> Vec<String> {
    let mut missing: Vec<String> = variables(source)
        .into_iter()
        .filter(|path| {
            let mut parts = path.split('.');
            let first = parts.next().and_then(|name| data.get(name));
            parts
                .try_fold(first, |value, name| value.map(|value| value.get(name)))
                .flatten()
                .is_none()
        })
        .collect();
    missing.sort();
    missing
}

/// An error without the paths and snippets of the engine.
fn in_words(error: &minijinja::Error) -> String {
    let what = match error.kind() {
        ErrorKind::OutOfFuel => "takes too many steps: a loop is too long".to_owned(),
        ErrorKind::WriteFailure => format!("comes to more than {MAX_OUTPUT} bytes"),
        _ => error
            .detail()
            .map_or_else(|| error.kind().to_string(), ToOwned::to_owned),
    };
    match error.line() {
        Some(line) => format!("line {line}: {what}"),
        None => what,
    }
}

/// Takes as much as a text may come to.
struct Limited(Vec<u8>);

impl io::Write for Limited {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.0.len() + bytes.len() > MAX_OUTPUT {
            return Err(io::Error::other("too long"));
        }
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests_of_the_sandbox {
    use serde_json::json;

    use super::*;

    fn render_with(source: &str, data: Value) -> Result<String, RenderError> {
        render(source, data.as_object().unwrap(), false)
    }

    #[test]
    fn values_stand_where_their_names_stood() {
        assert_eq!(
            render_with(
                "{% for c in children %}{{ c.name|upper }}{% if not loop.last %}, {% endif %}{% endfor %} & {{ n|default('none') }}",
                json!({"children": [{"name": "Zoë"}, {"name": "Bo"}]})
            ),
            Ok("ZOË, BO & none".to_owned())
        );
        let html = render("<b>{{ x }}</b>", json!({"x": "<script>"}).as_object().unwrap(), true).unwrap();
        assert!(!html.contains("<script>"), "{html}");
    }

    #[test]
    fn all_missing_variables_are_named() {
        assert_eq!(
            render_with("{{ a.b }} {{ c }} {{ d }}", json!({"a": {}, "d": 1})),
            Err(RenderError::Missing(vec!["a.b".into(), "c".into()]))
        );
    }

    #[test]
    fn nothing_runs_long_or_grows_large() {
        let bombs = [
            "{% for a in x %}{% for b in x %}{% for c in x %}{% for d in x %}{{ d }}{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
            "{% for a in x recursive %}{{ loop(x) }}{% endfor %}",
            "{% set y = 'x' %}",
            "{% with y = 'x' %}{% endwith %}",
            "{% macro f(x) %}{{ f(x ~ x) }}{% endmacro %}",
            "{% filter upper %}{% endfilter %}",
            "{% include 'x' %}",
            "{% extends 'x' %}",
            "{{ 'x' * 100000000 }}",
            "{{ 10 ** 100 }}",
            "{{ range(1000000) }}",
            "{{ namespace(a=1) }}",
            "{{ x|replace('a', 'b') }}",
            "{{ x|map('upper') }}",
            "{{ x|nosuch }}",
        ];
        let data = json!({"x": (0..100).collect::<Vec<_>>()});
        for bomb in bombs {
            let result = render_with(bomb, data.clone());
            assert!(result.is_err(), "{bomb}: {result:?}");
        }
        let long = json!({"x": "y".repeat(10_000), "l": (0..100).collect::<Vec<_>>()});
        let result = render_with("{% for a in l %}{{ x }}{% endfor %}", long);
        assert_eq!(
            result,
            Err(RenderError::Failed(format!("comes to more than {MAX_OUTPUT} bytes")))
        );
    }
}
