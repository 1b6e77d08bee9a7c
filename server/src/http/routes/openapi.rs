//! `GET /api/openapi.json` and `GET /api/docs`: the API as its code describes it.

use std::collections::BTreeMap;

use api::{ErrorBody, PredictErrorBody};
use axum::{
    Router,
    http::{HeaderValue, header::CONTENT_SECURITY_POLICY},
};
use tower_http::set_header::SetResponseHeaderLayer;
use utoipa::{
    Modify, OpenApi, ToSchema,
    openapi::{
        self, Content, Object, ObjectBuilder, RefOr, Response, ResponseBuilder, Type,
        path::{Operation, OperationBuilder, Parameter, ParameterIn, PathItem},
        schema::AnyOfBuilder,
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityRequirement, SecurityScheme},
    },
};
use utoipa_swagger_ui::{Config, SwaggerUi};

/// The page styles itself from its script, and its pictures are `data:` URLs; its files are served by us.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; \
                      frame-ancestors 'none'; base-uri 'none'";

/// What stands above the routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Trazo",
        description = "Reads handwritten digits. Every refusal is JSON with a stable `code`; its text is named `msg`, \
                       and `error` on predict. The seed's own paths `/register`, `/login`, `/predict` and \
                       `/metrics` answer as those under `/api` do."
    ),
    security(("token" = []), ("session" = [])),
    modifiers(&Schemes)
)]
pub struct Api;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, api: &mut openapi::OpenApi) {
        let components = api.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        let cookie = ApiKey::Cookie(ApiKeyValue::new("trazo_session"));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    }
}

/// Complete what the handlers say: the refusals that any route may give, and the seed's own paths.
pub fn complete(mut api: openapi::OpenApi) -> openapi::OpenApi {
    for path in ["/register", "/login", "/predict", "/metrics"] {
        if let Some(mut item) = api.paths.paths.get(&format!("/api{path}")).cloned() {
            for operation in operations(&mut item) {
                operation.operation_id = operation.operation_id.take().map(|id| format!("seed_{id}"));
            }
            // The first two are pages as well.
            if matches!(path, "/register" | "/login") {
                item.get = Some(page());
            }
            api.paths.paths.insert(path.to_owned(), item);
        }
    }
    let limited: BTreeMap<&str, &str> = BTreeMap::from([
        ("408", "request_timeout"),
        ("413", "file_too_large"),
        ("429", "rate_limited: try again after `Retry-After` seconds"),
        ("500", "internal"),
        ("503", "overloaded: try again after `Retry-After` seconds"),
    ]);
    for (path, item) in &mut api.paths.paths {
        let is_predict = path.ends_with("/predict");
        let takes_json = |operation: &Operation| {
            let body = operation.request_body.as_ref();
            body.is_some_and(|body| match body {
                RefOr::T(body) => body.content.contains_key("application/json"),
                RefOr::Ref(_) => false,
            })
        };
        for operation in operations(item) {
            operation.parameters.iter_mut().flatten().for_each(take_empty);
            for (status, description) in &limited {
                add(operation, status, description, is_predict);
            }
            if takes_json(operation) {
                add(
                    operation,
                    "415",
                    "request_invalid: the body isn't declared as JSON",
                    is_predict,
                );
            }
        }
    }
    api
}

/// A query's parameter may be empty: then it is as if it weren't there ([`super::QueryOf`]).
fn take_empty(parameter: &mut RefOr<Parameter>) {
    if let RefOr::T(parameter) = parameter
        && matches!(parameter.parameter_in, ParameterIn::Query)
        && let Some(schema) = parameter.schema.take()
    {
        let nothing = ObjectBuilder::new().schema_type(Type::String).max_length(Some(0));
        parameter.schema = Some(AnyOfBuilder::new().item(schema).item(nothing).into());
    }
}

/// A page, as a browser gets it on the same path.
fn page() -> Operation {
    let text = Object::with_type(Type::String);
    let shown = ResponseBuilder::new()
        .description("The page")
        .content("text/html", Content::new(Some(text)));
    OperationBuilder::new()
        .tag("pages")
        .description(Some("The page with the form, for browsers."))
        .securities(Some([SecurityRequirement::default()]))
        .response("200", shown)
        .build()
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    [&mut item.get, &mut item.post, &mut item.patch].into_iter().flatten()
}

fn add(operation: &mut Operation, status: &str, description: &str, is_predict: bool) {
    let schema = if is_predict {
        reference(&PredictErrorBody::name())
    } else {
        reference(&ErrorBody::name())
    };
    operation
        .responses
        .responses
        .entry(status.to_owned())
        .or_insert_with(|| RefOr::T(refusal(description, schema)));
}

fn reference(name: &str) -> RefOr<openapi::Schema> {
    RefOr::Ref(openapi::Ref::from_schema_name(name))
}

fn refusal(description: &str, schema: RefOr<openapi::Schema>) -> Response {
    ResponseBuilder::new()
        .description(description)
        .content("application/json", Content::new(Some(schema)))
        .build()
}

/// The description, and the page that shows it.
pub fn pages<S: Clone + Send + Sync + 'static>(api: openapi::OpenApi) -> Router<S> {
    let ui = SwaggerUi::new("/api/docs")
        .config(Config::from("/api/openapi.json"))
        .url("/api/openapi.json", api);
    Router::from(ui).layer(SetResponseHeaderLayer::overriding(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY),
    ))
}
