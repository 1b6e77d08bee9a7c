//! Views that hydrate synchronously.
//!
//! Only a lazy route has to be awaited while hydrating, yet leptos compiles the hydration of every view a second time as
//! an async state machine. Erasing a view's type with [`IntoSyncAny`] leaves that out: without it the first load is 30 kB
//! larger (docs/adr/0009-lazy-pages.md).

use leptos::{
    prelude::*,
    tachys::{
        html::attribute::{Attribute, any_attribute::AnyAttribute},
        hydration::Cursor,
        ssr::StreamBuilder,
        view::{Position, PositionState, Render, RenderHtml, add_attr::AddAnyAttr},
    },
};

/// A view without lazy routes in it.
struct SyncView<V>(V);

/// Type erasure for views that hydrate synchronously.
pub trait IntoSyncAny {
    /// Erase the view's type, as leptos' `into_any` does. The view must not contain a lazy route.
    fn into_sync_any(self) -> AnyView;
}

impl<V: RenderHtml + Send + 'static> IntoSyncAny for V {
    fn into_sync_any(self) -> AnyView {
        leptos::prelude::IntoAny::into_any(SyncView(self))
    }
}

impl<V: Render> Render for SyncView<V> {
    type State = V::State;

    fn build(self) -> Self::State {
        self.0.build()
    }

    fn rebuild(self, state: &mut Self::State) {
        self.0.rebuild(state);
    }
}

impl<V: AddAnyAttr> AddAnyAttr for SyncView<V> {
    type Output<A: Attribute> = SyncView<V::Output<A>>;

    fn add_any_attr<A: Attribute>(self, attribute: A) -> Self::Output<A>
    where
        Self::Output<A>: RenderHtml,
    {
        SyncView(self.0.add_any_attr(attribute))
    }
}

/// Delegates to the view, except for `hydrate_async`: the trait's default calls `hydrate` and awaits nothing.
impl<V: RenderHtml> RenderHtml for SyncView<V> {
    type AsyncOutput = V::AsyncOutput;
    type Owned = SyncView<V::Owned>;

    const MIN_LENGTH: usize = V::MIN_LENGTH;
    const EXISTS: bool = V::EXISTS;

    fn dry_resolve(&mut self) {
        self.0.dry_resolve();
    }

    async fn resolve(self) -> Self::AsyncOutput {
        self.0.resolve().await
    }

    fn html_len(&self) -> usize {
        self.0.html_len()
    }

    fn to_html_with_buf(
        self,
        html: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        attributes: Vec<AnyAttribute>,
    ) {
        self.0
            .to_html_with_buf(html, position, escape, mark_branches, attributes);
    }

    fn to_html_async_with_buf<const OUT_OF_ORDER: bool>(
        self,
        html: &mut StreamBuilder,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        attributes: Vec<AnyAttribute>,
    ) {
        self.0
            .to_html_async_with_buf::<OUT_OF_ORDER>(html, position, escape, mark_branches, attributes);
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> Self::State {
        self.0.hydrate::<FROM_SERVER>(cursor, position)
    }

    fn into_owned(self) -> Self::Owned {
        SyncView(self.0.into_owned())
    }
}
