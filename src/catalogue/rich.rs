//! Rich content in messages: citations, product cards, order summaries, custom payloads, A2UI surfaces.

super::events! {
    CITATION_CLICKED "citation_clicked" "A citation was opened." {
        messageId: Text observed "The message.",
        partId: Text observed "The part of that message.",
        citationIndex: Count observed "Its place, from 0.",
        uri: Url content "Where it leads.",
    }
    PRODUCT_CARD_CLICKED "product_card_clicked" "A product was opened." {
        messageId: Text observed "The message.",
        partId: Text observed "The part of that message.",
        productIndex: Count observed "Its place, from 0.",
        productSku: Text content "The product.",
    }
    ORDER_SUMMARY_ACTION_CLICKED "order_summary_action_clicked" "A button of an order summary was used." {
        action: Text content "Which.",
    }
    CUSTOM_PAYLOAD_INTERACTED "custom_payload_interacted" "Something was done with a custom payload." {
        payloadType: Text "Its type.",
        action: Text content "What was done.",
    }
    A2UI_ACTION_DISPATCHED "a2ui_action_dispatched" "An action of an agent-made surface was sent." {
        surfaceId: Text "The surface.",
        actionName: Text "The action.",
    }
    A2UI_CATALOG_INSTALLED "a2ui_catalog_installed" "A component catalogue was installed." {
        catalogName: Text "The catalogue.",
        version: Text observed "Its version.",
        lifecycle: Text observed "`stable`, `experimental` or `deprecated`.",
        integrity: Text observed "Its SHA-256.",
    }
    A2UI_SURFACE_RENDERED "a2ui_surface_rendered" "An agent-made surface was shown." {
        surfaceId: Text "The surface.",
        catalogName: Text observed "The catalogue.",
        componentCount: Count observed "Components on it.",
        renderMs: Number observed "How long it took, ms.",
    }
    A2UI_RENDER_FAILED "a2ui_render_failed" "It could not be shown." {
        surfaceId: Text "The surface.",
        catalogName: Text observed "The catalogue.",
        errorCode: Text "`A2UI_RENDER_FAILED`.",
        reason: Text observed "Why.",
    }
    A2UI_ACTION_BLOCKED "a2ui_action_blocked" "An action was not allowed." {
        surfaceId: Text "The surface.",
        actionName: Text "The action.",
        reason: Text "`not_allowed` or `confirm_denied`.",
    }
}
