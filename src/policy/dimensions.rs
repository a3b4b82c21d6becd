//! What the site says about each event, joined with who it is about.

use crate::json::{Object, members};

/// Who the visitor is, as far as the page knows.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    /// The host vouches for a signed-in user.
    pub authenticated: bool,
    /// Only with the host's word; a browser's own claim is kept as a hint.
    pub user_id: Option<String>,
    /// The customer the user belongs to.
    pub tenant_id: Option<String>,
    /// Whether the host vouches for the two.
    pub trusted: bool,
    /// The session existed before this page.
    pub resumed: bool,
}

/// What the tracker says, whatever the site says.
pub const RESERVED: [&str; 3] = ["identityKind", "conversationId", "isResumed"];

/// The dimensions of an event: the site's own, then `identityKind`, `conversationId` and `isResumed`, which win.
pub fn merge(site: Option<&str>, identity: &Identity, conversation_id: Option<&str>) -> String {
    let mut out = Object::new();
    for (name, value) in site.map(members).into_iter().flatten() {
        if !RESERVED.contains(&name) {
            out.raw_member(name, value);
        }
    }
    out.text("identityKind", if identity.authenticated { "authenticated" } else { "guest" });
    if let Some(user) = &identity.user_id {
        out.text(if identity.trusted { "userId" } else { "userIdHint" }, user);
    }
    if let Some(tenant) = &identity.tenant_id {
        out.text(if identity.trusted { "tenantId" } else { "tenantIdHint" }, tenant);
    }
    if let Some(id) = conversation_id {
        out.text("conversationId", id);
    }
    out.boolean("isResumed", identity.resumed);
    out.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identity_wins_over_the_site() {
        let site = r#"{"plan":"pro","identityKind":"root","conversationId":"x","isResumed":"maybe"}"#;
        let identity = Identity { authenticated: true, ..Identity::default() };
        assert_eq!(
            merge(Some(site), &identity, Some("c1")),
            r#"{"plan":"pro","identityKind":"authenticated","conversationId":"c1","isResumed":false}"#
        );
    }

    #[test]
    fn a_user_id_is_a_hint_unless_the_host_vouches_for_it() {
        let mut identity = Identity { user_id: Some("u1".into()), ..Identity::default() };
        assert!(merge(None, &identity, None).contains(r#""userIdHint":"u1""#));
        identity.trusted = true;
        assert!(merge(None, &identity, None).contains(r#""userId":"u1""#));
    }
}
