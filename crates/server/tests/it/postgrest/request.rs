//! One request of PostgREST 12 and later, as its documentation writes the transaction down: access mode by method, one
//! statement that sets search path, role, claims and the request's parts, the pre-request function, the query as JSON.

use frontdesk::migrations;
use platform::{
    db,
    migrate::{Migrator, Up},
};
use serde_json::Value;
use tokio::sync::OnceCell;
use tokio_postgres::{Client, IsolationLevel};

use crate::{
    rollback::fill::{ADA, ASH, up_and_fill},
    support::database::{create_empty, superuser, unique_name, url},
};

static TEMPLATE: OnceCell<String> = OnceCell::const_new();

/// A database with two full organizations, and the login that PostgREST has.
pub struct Api {
    name: String,
}

/// Why PostgreSQL refused.
#[derive(Debug)]
pub struct Refused {
    pub code: String,
    pub hint: Option<String>,
    #[expect(dead_code, reason = "printed when an assertion fails")]
    message: String,
}

impl Refused {
    /// The HTTP status that PostgREST makes of the SQLSTATE: PTnnn is nnn, 42501 of somebody signed in 403.
    pub fn status(&self) -> u16 {
        match self.code.strip_prefix("PT").and_then(|status| status.parse().ok()) {
            Some(status) => status,
            None if self.code == "42501" => 403,
            None => 400,
        }
    }
}

impl From<tokio_postgres::Error> for Refused {
    fn from(error: tokio_postgres::Error) -> Self {
        let db = error
            .as_db_error()
            .unwrap_or_else(|| panic!("not the server's word: {error}"));
        Self {
            code: db.code().code().to_owned(),
            hint: db.hint().map(ToOwned::to_owned),
            message: db.message().to_owned(),
        }
    }
}

impl Api {
    pub async fn new() -> Self {
        let template = TEMPLATE.get_or_init(template).await;
        let name = unique_name("postgrest");
        let sql = format!("create database {name} template {template} strategy file_copy");
        superuser("postgres").await.batch_execute(&sql).await.unwrap();
        Self { name }
    }

    pub async fn run(&self, sql: &str) {
        superuser(&self.name).await.batch_execute(sql).await.unwrap();
    }

    /// Two texts of each row, as the superuser sees them.
    pub async fn rows(&self, sql: &str, parameter: &str) -> Vec<(String, String)> {
        let sql = format!("select a::text, b::text from ({sql}) t (a, b)");
        let rows = superuser(&self.name).await.query(&sql, &[&parameter]).await.unwrap();
        rows.iter().map(|row| (row.get(0), row.get(1))).collect()
    }

    /// A setting of the login role, in this database only.
    pub async fn configure(&self, setting: &str, value: &str) {
        let sql = format!(
            "alter role authenticator in database {} set {setting} = '{value}'",
            self.name
        );
        superuser(&self.name).await.batch_execute(&sql).await.unwrap();
    }

    /// Tells who an identity provider's organization and person are here: ash and Ada.
    pub async fn map_identities(&self, issuer: &str, organization: &str, person: &str) {
        self.run(&format!(
            "insert into frontdesk.organization_identities (org_id, issuer, external_id) values ('{ASH}', '{issuer}', '{organization}');
             insert into frontdesk.profile_identities (org_id, issuer, external_id, profile_id)
             values ('{ASH}', '{issuer}', '{person}', '{ADA}')"
        ))
        .await;
    }

    /// A role of the application's own, for requests.
    pub async fn add_role(&self, name: &str) {
        let sql =
            format!("create role {name} nologin inherit; grant authenticated to {name}; grant {name} to authenticator");
        self.run(&sql).await;
    }

    /// GET: a read-only transaction.
    pub async fn get(&self, claims: &Value, sql: &str) -> Result<Value, Refused> {
        self.request("GET", claims, sql).await
    }

    /// POST, PATCH, DELETE, and functions that write.
    pub async fn post(&self, claims: &Value, sql: &str) -> Result<Value, Refused> {
        self.request("POST", claims, sql).await
    }

    async fn request(&self, method: &str, claims: &Value, sql: &str) -> Result<Value, Refused> {
        let mut client: Client = db::connect(&url("authenticator", &self.name)).await.unwrap();
        let tx = client
            .build_transaction()
            .isolation_level(IsolationLevel::ReadCommitted)
            .read_only(method == "GET")
            .start()
            .await?;
        let role = claims["role"].as_str().unwrap_or("anon");
        tx.query(
            "select set_config('search_path', '\"frontdesk\", \"public\"', true), set_config('role', $1, true),
               set_config('request.jwt.claims', $2, true), set_config('request.method', $3, true),
               set_config('request.path', '/rows', true), set_config('request.headers', $4, true),
               set_config('request.cookies', '{}', true)",
            &[
                &role,
                &claims.to_string(),
                &method,
                &r#"{"accept":"application/json","user-agent":"postgrest-js"}"#,
            ],
        )
        .await?;
        tx.batch_execute("select \"frontdesk\".\"pre_request\"()").await?;
        let query = format!(
            "with pgrst_source as ({sql})
             select pg_catalog.count(_postgrest_t) as page_total, coalesce(json_agg(_postgrest_t), '[]')::text as body
             from (select * from pgrst_source) _postgrest_t"
        );
        let body: String = tx.query_one(&query, &[]).await?.get(1);
        tx.commit().await?;
        Ok(serde_json::from_str(&body).unwrap())
    }
}

async fn template() -> String {
    let name = unique_name("postgrest_template");
    let owner = create_empty(&name).await;
    let client = superuser(&name).await;
    let migrator = Migrator::new(owner, migrations::plan().unwrap());
    up_and_fill(&migrator, &client).await;
    migrator.up(Up::default(), &mut |_| {}).await.unwrap();
    client
        .batch_execute(
            "create role authenticator login noinherit; grant anon, authenticated, service_role to authenticator",
        )
        .await
        .unwrap();
    name
}
