//! Purchases.

super::events! {
    PURCHASE_COMPLETED "purchase_completed" [critical, outcome] "Something was bought." {
        orderId: Text "The order; the same order twice is one purchase.",
        revenue: Number "The order's total in `currency`, 0 or more.",
        currency: Text "ISO 4217, upper case.",
        items: List observed "`[{productId, name, quantity, unitPrice, category}]`.",
        paymentMethod: Text observed "Such as `card`.",
    }
}
