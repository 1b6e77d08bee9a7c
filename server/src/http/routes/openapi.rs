//! `GET /api/openapi.json` and `GET /api/docs`: the `OpenAPI` description, generated from the handlers.

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
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme},
    },
};
use utoipa_swagger_ui::{Config, SwaggerUi};

use crate::http::error::has_predict_key;

/// Swagger UI sets inline styles and uses `data:` images.
const POLICY: &str = "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; object-src 'none'; \
                      base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// The general part of the description.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Trazo",
        description = "Reads handwritten digits. Every error is JSON with a stable `code`; its text is named `msg`, \
                       and `error` on predict and under `/v2`, the Open Inference Protocol. The paths `/register`, `/login`, `/predict` and `/metrics` are \
                       aliases of those under `/api`."
    ),
    security(("token" = []), ("session" = [])),
    modifiers(&Schemes)
)]
pub(crate) struct Api;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, api: &mut openapi::OpenApi) {
        let components = api.components.get_or_insert_default();
        components.add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        let cookie = ApiKey::Cookie(ApiKeyValue::new("trazo_session"));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
        let key = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("trazo_ and 64 hexadecimal digits")
            .description(Some(
                "An API key with the scope that is named. Made with `POST /api/keys`.",
            ));
        components.add_security_scheme("key", SecurityScheme::Http(key.build()));
    }
}

/// Adds the errors that every route may return, and the paths of `aliases`.
pub(crate) fn complete(mut api: openapi::OpenApi, aliases: &openapi::OpenApi) -> openapi::OpenApi {
    for (path, item) in &aliases.paths.paths {
        let mut item = item.clone();
        for operation in operations(&mut item) {
            operation.operation_id = operation.operation_id.take().map(|id| format!("seed_{id}"));
        }
        // These paths are pages too.
        if matches!(path.as_str(), "/register" | "/login") {
            item.get = Some(page());
        }
        api.paths.paths.insert(path.clone(), item);
    }
    let limited: BTreeMap<&str, &str> = BTreeMap::from([
        ("408", "request_timeout"),
        ("413", "file_too_large"),
        ("429", "rate_limited: try again after `Retry-After` seconds"),
        ("500", "internal"),
        (
            "503",
            "overloaded, database_unavailable: try again after `Retry-After` seconds",
        ),
    ]);
    for (path, item) in &mut api.paths.paths {
        let is_predict = has_predict_key(path);
        let takes_json = |operation: &Operation| {
            let body = operation.request_body.as_ref();
            body.is_some_and(|body| match body {
                RefOr::T(body) => body.content.contains_key("application/json"),
                RefOr::Ref(_) => false,
            })
        };
        for operation in operations(item) {
            operation.parameters.iter_mut().flatten().for_each(allow_empty);
            if !is_public(operation) {
                add_key_forbidden(operation, is_predict);
            }
            for (status, description) in &limited {
                add_error(operation, status, description, is_predict);
            }
            if takes_json(operation) {
                add_error(
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

/// Whether an operation needs no authentication.
fn is_public(operation: &Operation) -> bool {
    let ways = operation.security.as_ref();
    ways.is_some_and(|ways| ways.contains(&SecurityRequirement::default()))
}

/// Adds that an API key may not be allowed to do this.
fn add_key_forbidden(operation: &mut Operation, is_predict: bool) {
    add_error(operation, "403", "", is_predict);
    if let Some(RefOr::T(response)) = operation.responses.responses.get_mut("403") {
        if !response.description.is_empty() {
            response.description.push_str(", ");
        }
        response.description.push_str("key_forbidden");
    }
}

/// An empty query parameter counts as absent ([`crate::http::extract::QueryParams`]).
fn allow_empty(parameter: &mut RefOr<Parameter>) {
    if let RefOr::T(parameter) = parameter
        && matches!(parameter.parameter_in, ParameterIn::Query)
        && let Some(schema) = parameter.schema.take()
    {
        let empty = ObjectBuilder::new().schema_type(Type::String).max_length(Some(0));
        parameter.schema = Some(AnyOfBuilder::new().item(schema).item(empty).into());
    }
}

/// The HTML page on the same path.
fn page() -> Operation {
    let text = Object::with_type(Type::String);
    let html = ResponseBuilder::new()
        .description("The page")
        .content("text/html", Content::new(Some(text)));
    OperationBuilder::new()
        .tag("pages")
        .description(Some("The page with the form, for browsers."))
        .securities(Some([SecurityRequirement::default()]))
        .response("200", html)
        .build()
}

/// Method, path and status of each response in the description.
pub(crate) fn responses(api: &openapi::OpenApi) -> impl Iterator<Item = (&'static str, &str, &str)> {
    api.paths.paths.iter().flat_map(|(path, item)| {
        let operations = [
            ("GET", &item.get),
            ("POST", &item.post),
            ("PATCH", &item.patch),
            ("DELETE", &item.delete),
        ];
        operations.into_iter().flat_map(move |(method, operation)| {
            let statuses = operation
                .iter()
                .flat_map(|operation| operation.responses.responses.keys());
            statuses.map(move |status| (method, path.as_str(), status.as_str()))
        })
    })
}

/// The operations of a path.
pub(super) fn operations(item: &mut PathItem) -> impl Iterator<Item = &mut Operation> {
    let operations = [&mut item.get, &mut item.post, &mut item.patch, &mut item.delete];
    operations.into_iter().flatten()
}

/// Adds an error to the responses of an operation, unless it has one with this status.
pub(super) fn add_error(operation: &mut Operation, status: &str, description: &str, is_predict: bool) {
    let schema = if is_predict {
        reference(&PredictErrorBody::name())
    } else {
        reference(&ErrorBody::name())
    };
    operation
        .responses
        .responses
        .entry(status.to_owned())
        .or_insert_with(|| RefOr::T(error_response(description, schema)));
}

fn reference(name: &str) -> RefOr<openapi::Schema> {
    RefOr::Ref(openapi::Ref::from_schema_name(name))
}

fn error_response(description: &str, schema: RefOr<openapi::Schema>) -> Response {
    ResponseBuilder::new()
        .description(description)
        .content("application/json", Content::new(Some(schema)))
        .build()
}

/// The routes of the description and of Swagger UI.
pub(crate) fn pages<S: Clone + Send + Sync + 'static>(api: openapi::OpenApi) -> Router<S> {
    let ui = SwaggerUi::new("/api/docs")
        .config(Config::from("/api/openapi.json"))
        .url("/api/openapi.json", api);
    Router::from(ui).layer(SetResponseHeaderLayer::overriding(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(POLICY),
    ))
}
