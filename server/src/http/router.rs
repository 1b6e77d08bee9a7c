//! Every URL on one screen.

use axum::{Router, middleware::from_fn_with_state, routing::post};
use leptos_axum::{LeptosRoutes, generate_route_list};
use std::sync::Arc;
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    layers::{
        self,
        burst_limit::{BURST_ENDPOINT, BurstLimit},
        metrics::expect_responses,
        model_version::name_model,
        rate_limit,
    },
    routes::{
        admin, confirm, fallback, forms, health, keys, login, logout, me, metrics, model, models, openapi, pages,
        password, predict, predictions, register,
        v2::{self, models::of_version},
    },
    state::AppState,
};
use crate::{limits::Limiter, settings::Settings};

/// All routes with all layers.
pub(crate) fn router(state: AppState, settings: &Settings, burst: Option<&BurstLimit>) -> Router {
    let by_ip = |limiter: &Arc<Limiter>| from_fn_with_state(Arc::clone(limiter), rate_limit::limit_by_ip);
    let named = from_fn_with_state(state.predictor.clone(), name_model);
    let by_user = from_fn_with_state(state.clone(), rate_limit::limit_by_user);
    let limits = &state.limits;
    let new = OpenApiRouter::<AppState>::new;

    // Routes that exist without `/api` too.
    let aliased = new()
        .merge(
            new()
                .routes(routes!(register::register))
                .route_layer(by_ip(&limits.register)),
        )
        .merge(new().routes(routes!(login::login)).route_layer(by_ip(&limits.default)))
        .merge(
            new()
                .routes(routes!(predict::predict))
                .route_layer(by_user.clone())
                .route_layer(named.clone()),
        );
    let anonymous = new()
        .routes(routes!(confirm::resend))
        .routes(routes!(confirm::confirm))
        .routes(routes!(password::forgot))
        .routes(routes!(password::check))
        .routes(routes!(password::reset))
        .routes(routes!(model::model))
        .route_layer(by_ip(&limits.default));
    let by_quota = new()
        .routes(routes!(predict::number::predict_number))
        .routes(routes!(predict::batch::predict_batch))
        .route_layer(by_user.clone())
        .route_layer(named.clone());
    // The Open Inference Protocol, whose paths are fixed.
    let inference = new()
        .routes(routes!(v2::models::infer::infer))
        .routes(of_version(
            routes!(v2::models::infer::infer),
            "infer_with_version",
            &state.predictor,
        ))
        .route_layer(by_user)
        .route_layer(named);
    // The login throttle limits these, too.
    let checked = new()
        .routes(routes!(me::password::change))
        .routes(routes!(me::email::change))
        .routes(routes!(me::delete::delete))
        .routes(routes!(me::totp::start))
        .routes(routes!(me::totp::activate))
        .routes(routes!(me::totp::remove))
        .routes(routes!(keys::create));
    // Asked for by each page that is open, and answered from memory.
    let of_models = new().routes(routes!(models::live)).routes(routes!(models::weights));
    let signed_in = new()
        .routes(routes!(logout::logout))
        .routes(routes!(logout::everywhere))
        .routes(routes!(me::me))
        .routes(routes!(me::sessions::sessions))
        .routes(routes!(me::sessions::end))
        .routes(routes!(me::data::data, me::data::delete))
        .routes(routes!(me::data::take_back))
        .routes(routes!(keys::keys))
        .routes(routes!(keys::revoke))
        .routes(routes!(predictions::predictions))
        .routes(routes!(predictions::correction, predictions::take_back))
        .routes(routes!(admin::users::users))
        .routes(routes!(admin::users::csv))
        .routes(routes!(admin::users::change))
        .routes(routes!(admin::users::resend))
        .routes(routes!(admin::review::queue, admin::review::decide))
        .routes(routes!(admin::review::plain))
        .routes(routes!(admin::review::drop_person))
        .routes(routes!(admin::data_set::archive))
        .routes(routes!(admin::models::list, admin::models::upload))
        .routes(routes!(admin::models::delete))
        .routes(routes!(admin::models::put_live))
        .routes(routes!(admin::models::evaluate, admin::models::evaluation))
        .routes(routes!(admin::corrected::corrected))
        .routes(routes!(admin::metrics::history))
        .routes(routes!(admin::metrics::service))
        .routes(routes!(admin::errors::errors));
    let with_burst_limit = |routes: OpenApiRouter<AppState>| match burst {
        Some(burst) => routes.route_layer(burst.layer()),
        None => routes,
    };
    for (prefix, routes) in [
        ("/api", &aliased),
        ("/api", &anonymous),
        ("/api", &by_quota),
        ("/api", &checked),
        ("", &inference),
    ] {
        for path in routes.get_openapi().paths.paths.keys() {
            state.metrics.expect_rate_limit(&format!("{prefix}{path}"));
        }
    }
    state.metrics.expect_rate_limit(BURST_ENDPOINT);
    // Monitoring is not rate limited.
    let aliased = with_burst_limit(aliased).routes(routes!(metrics::metrics));
    let (api, description) = OpenApiRouter::with_openapi(openapi::Api::openapi())
        .nest(
            "/api",
            aliased.clone().merge(with_burst_limit(
                anonymous
                    .merge(by_quota)
                    .merge(checked)
                    .merge(signed_in)
                    .merge(of_models),
            )),
        )
        .routes(routes!(health::live))
        .routes(routes!(health::ready))
        .routes(routes!(v2::server))
        .routes(routes!(v2::health::live))
        .routes(routes!(v2::health::ready))
        .routes(routes!(v2::models::model))
        .routes(of_version(
            routes!(v2::models::model),
            "model_of_version",
            &state.predictor,
        ))
        .routes(routes!(v2::models::model_ready))
        .routes(of_version(
            routes!(v2::models::model_ready),
            "model_of_version_ready",
            &state.predictor,
        ))
        .merge(with_burst_limit(inference))
        .split_for_parts();
    let (short_paths, short_description) = aliased.split_for_parts();
    let description = openapi::complete(description, &short_description);

    // What a browser sends itself, without the page's WASM. The limits are those of the routes that the forms are passed on
    // to.
    let plain_forms = forms::PlainForms::new(api.clone().with_state(state.clone()), &state);
    let short_paths = short_paths.route_layer(from_fn_with_state(plain_forms.clone(), forms::divert));
    let forms = Router::new()
        .route("/", post(forms::upload::upload))
        .route("/forgot", post(forms::forgot))
        .route("/reset/{token}", post(forms::reset))
        .route("/confirm/{token}", post(forms::confirm))
        .route("/account", post(forms::account))
        .route("/logout", post(forms::logout))
        .route("/logout/everywhere", post(forms::everywhere))
        .route("/language", post(forms::language::language))
        .with_state(plain_forms);

    let site = state.site.clone();
    let page_list = generate_route_list(app::App);
    let page_responses = page_list
        .iter()
        .flat_map(|page| ["200", "500"].map(|status| ("GET", page.path(), status)));
    expect_responses(&state.metrics, openapi::responses(&description).chain(page_responses));
    let html = Router::new()
        .leptos_routes_with_context(&state, page_list, pages::provide_request, move || {
            app::shell(site.clone())
        })
        .route_layer(from_fn_with_state(state.clone(), pages::authorize));
    let (recorder, is_secure) = (state.metrics.clone(), state.session_cookie.is_secure());
    let routes = api
        .merge(short_paths)
        .merge(openapi::pages(description))
        .merge(html)
        .merge(forms)
        .method_not_allowed_fallback(fallback::method_not_allowed)
        .fallback_service(pages::files(&state))
        .with_state(state);
    layers::wrap(routes, settings, &recorder, is_secure)
}
