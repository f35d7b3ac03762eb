//! What a message made of a template says: rendered in every language before anything is written. No HTTP.

use platform::{
    db::{DbError, TenantTx},
    http::FieldError,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::{
    builtin, mjml,
    model::{self, Contents, Part, TemplateUse, Texts},
    sandbox::{self, RenderError},
    store,
};

/// The largest data, in bytes of JSON.
const MAX_DATA: usize = 16 * 1024;

/// What a template came to.
#[derive(Clone, Debug)]
pub struct Composed {
    /// In the organization's language, for the inbox.
    pub title: String,
    /// In the organization's language, for the inbox.
    pub content: String,
    /// By language and channel, as `notifications.contents` keeps it.
    pub contents: Value,
    /// `{"key", "version", "data"}`, as `notifications.template` keeps it.
    pub template: Value,
}

/// Renders a template with its data, in all of its languages.
///
/// The inner error names each field that is wrong, beginning with `template`.
///
/// # Errors
/// Of the database.
pub async fn compose(
    tx: &TenantTx,
    org_id: Uuid,
    asked: &TemplateUse,
) -> Result<Result<Composed, Vec<FieldError>>, DbError> {
    let fail = |field: &str, message: String| Ok(Err(vec![FieldError::new(field, message)]));
    if !model::is_key(&asked.key) {
        return fail(
            "template.key",
            "is no name of a template: lower-case letters, digits, _ and .".to_owned(),
        );
    }
    let data_size = serde_json::to_string(&asked.data).map_or(usize::MAX, |text| text.len());
    if data_size > MAX_DATA {
        return fail(
            "template.data",
            format!("has {data_size} bytes; at most {MAX_DATA} are taken"),
        );
    }
    let Some((version, contents)) = find(tx, org_id, &asked.key, asked.version).await? else {
        let (field, what) = match asked.version {
            None => ("template.key", format!("there is no template {:?}", asked.key)),
            Some(version) => ("template.version", format!("{:?} has no version {version}", asked.key)),
        };
        return fail(field, format!("{what}; list them with GET /v1/templates"));
    };
    let locale = store::locale(tx, org_id).await?;
    Ok(render_all(&contents, &asked.data).map(|rendered| {
        let first = pick(&rendered, &locale);
        Composed {
            title: text(first, "title"),
            content: text(first, "content"),
            template: json!({"key": asked.key, "version": version, "data": asked.data}),
            contents: Value::Object(rendered),
        }
    }))
}

/// Renders a template in one language outside of a request: an organization's own, or (when there is none, or it cannot be
/// rendered with this data) the one that ships by that name. Answers its title and its contents.
#[must_use]
pub fn render_in(own: Option<&Value>, key: &str, locale: &str, data: &Map<String, Value>) -> Option<(String, Value)> {
    let own = own.and_then(|own| serde_json::from_value::<Contents>(own.clone()).ok());
    own.iter().chain(builtin::get(key)).find_map(|contents| {
        let language = locale.split('-').next().unwrap_or_default();
        let (tag, texts) = [locale, language, "en"]
            .into_iter()
            .find_map(|tag| contents.get_key_value(tag))
            .or_else(|| contents.iter().next())?;
        let rendered = render(tag, texts, data).ok()?;
        Some((text(Some(&rendered), "title"), json!({tag: rendered})))
    })
}

fn text(rendered: Option<&Value>, field: &str) -> String {
    rendered
        .and_then(|one| one["in_app"][field].as_str())
        .unwrap_or_default()
        .to_owned()
}

/// A template by name: the organization's, or the one that ships; with its version.
///
/// # Errors
/// Of the database.
pub async fn find(
    tx: &TenantTx,
    org_id: Uuid,
    key: &str,
    version: Option<i32>,
) -> Result<Option<(i32, Contents)>, DbError> {
    if version != Some(0)
        && let Some(row) = store::get(tx, org_id, key, version).await?
    {
        return Ok(Some((row.version, row.contents)));
    }
    Ok(match version {
        None | Some(0) => builtin::get(key).map(|contents| (0, contents.clone())),
        Some(_) => None,
    })
}

/// The same choice as `frontdesk.localized` makes.
fn pick<'a>(rendered: &'a Map<String, Value>, locale: &str) -> Option<&'a Value> {
    let language = locale.split('-').next().unwrap_or_default();
    [locale, language, "en"]
        .into_iter()
        .find_map(|tag| rendered.get(tag))
        .or_else(|| rendered.values().next())
}

/// Renders every language, all mistakes at once.
///
/// # Errors
/// Each missing variable as `template.data.…`, each text that cannot be rendered as `template`.
pub fn render_all(contents: &Contents, data: &Map<String, Value>) -> Result<Map<String, Value>, Vec<FieldError>> {
    let (mut rendered, mut errors) = (Map::new(), Vec::<FieldError>::new());
    for (locale, texts) in contents {
        match render(locale, texts, data) {
            Ok(value) => {
                rendered.insert(locale.clone(), value);
            }
            Err(found) => {
                for error in found {
                    if !errors
                        .iter()
                        .any(|known| known.field == error.field && known.field != "template")
                    {
                        errors.push(error);
                    }
                }
            }
        }
    }
    if errors.is_empty() { Ok(rendered) } else { Err(errors) }
}

/// Renders one language.
///
/// # Errors
/// As [`render_all`].
pub fn render(locale: &str, texts: &Texts, data: &Map<String, Value>) -> Result<Value, Vec<FieldError>> {
    let (mut value, mut errors) = (json!({}), Vec::new());
    for part in texts.parts() {
        let wrong = |message: &str| FieldError::new("template", format!("{locale}, {}: {message}", part.name));
        match render_part(&part, data) {
            Ok(text) => {
                if let Some((channel, field)) = part.name.split_once('.') {
                    let field = if part.mjml { "html" } else { field };
                    value[channel][field] = Value::String(text);
                }
            }
            Err(RenderError::Missing(names)) if !names.is_empty() => {
                errors.extend(names.into_iter().map(|name| {
                    FieldError::new(
                        format!("template.data.{name}"),
                        format!("is missing; {} ({locale}) uses it", part.name),
                    )
                }));
            }
            Err(RenderError::Missing(_)) => errors.push(wrong("uses a value that the data does not have")),
            Err(RenderError::Failed(message)) => errors.push(wrong(&message)),
        }
    }
    if errors.is_empty() { Ok(value) } else { Err(errors) }
}

fn render_part(part: &Part<'_>, data: &Map<String, Value>) -> Result<String, RenderError> {
    let failed = |message: &str| Err(RenderError::Failed(message.to_owned()));
    let text = sandbox::render(part.source, data, part.mjml)?;
    if text.contains('\0') {
        return failed("comes to a text with a null character");
    }
    if part.mjml {
        return mjml::to_html(&text).map_err(RenderError::Failed);
    }
    if part.one_line {
        let text = text.trim();
        if text.is_empty() {
            return failed("comes to nothing; it must say something");
        }
        if text.contains(['\r', '\n']) {
            return failed("comes to more than one line");
        }
        if text.chars().count() > part.longest {
            return failed(&format!("comes to more than {} characters", part.longest));
        }
        return Ok(text.to_owned());
    }
    if text.chars().count() > part.longest {
        return failed(&format!("comes to more than {} characters", part.longest));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(title: &str) -> Texts {
        serde_json::from_value(json!({"in_app": {"title": title, "content": "{{ body }}"},
            "email": {"subject": "{{ subject }}", "text": "t", "mjml":
                "<mjml><mj-body><mj-section><mj-column><mj-text>{{ body }}</mj-text></mj-column></mj-section></mj-body></mjml>"}}))
        .unwrap()
    }

    fn data(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    #[test]
    fn a_value_cannot_break_out_of_its_place() {
        let injected = render(
            "en",
            &texts("T"),
            &data(json!({"subject": "a\r\nBcc: x@y", "body": "b"})),
        )
        .unwrap_err();
        assert_eq!(injected[0].field, "template");
        assert!(injected[0].message.contains("email.subject"), "{injected:?}");
        let html = render(
            "en",
            &texts("T"),
            &data(json!({"subject": "s", "body": "</mj-text><mj-raw><script>"})),
        )
        .unwrap();
        let html = html["email"]["html"].as_str().unwrap();
        assert!(!html.contains("<script>"), "{html}");
    }

    #[test]
    fn missing_variables_are_named_once_for_all_languages() {
        let contents = Contents::from([
            ("de".to_owned(), texts("{{ name }}")),
            ("en".to_owned(), texts("{{ name }}")),
        ]);
        let errors = render_all(&contents, &data(json!({"subject": "s"}))).unwrap_err();
        let fields: Vec<_> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["template.data.name", "template.data.body"]);
    }
}
