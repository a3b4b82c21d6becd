//! What the visitor allowed.

/// A consent posture, in the words of consent banners.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Posture {
    /// Nothing was allowed.
    None,
    /// Only what the page needs to work; analytics is undecided.
    Functional,
    /// Analytics was allowed.
    Analytics,
    /// Everything was allowed.
    All,
}

impl Posture {
    /// The posture of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "none" => Self::None,
            "functional" => Self::Functional,
            "analytics" => Self::Analytics,
            "all" => Self::All,
            _ => return None,
        })
    }

    fn allows(self) -> bool {
        matches!(self, Self::Analytics | Self::All)
    }
}

/// Whether events may leave now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gate {
    /// They may.
    Open,
    /// Not yet: they wait in memory.
    Held,
    /// They may not, and are not kept.
    Closed,
}

/// The consent of one page: what the site said at the start, what the browser signals, what changed since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Consent {
    posture: Option<Posture>,
    respected: bool,
    withheld_by_signal: bool,
    decided: bool,
}

/// What a change of posture asks the caller to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Nothing.
    Same,
    /// What was held may leave now; what was never captured begins now.
    Opened,
    /// Empty every queue, all storage and the ids, in all tabs.
    Withdrawn,
}

impl Consent {
    /// `posture`: absent means that the site asks for no gate. `respected`: the option `respectConsent`. `signal`: Global
    /// Privacy Control is on and respected; it counts as a withheld consent until the visitor allows more on this site.
    pub fn new(posture: Option<Posture>, respected: bool, signal: bool) -> Self {
        Self { posture, respected, withheld_by_signal: signal, decided: false }
    }

    /// Whether events may leave now.
    pub fn gate(self) -> Gate {
        if !self.respected {
            return Gate::Open;
        }
        if self.withheld_by_signal && !self.decided {
            return Gate::Closed;
        }
        match self.posture {
            None => Gate::Open,
            Some(posture) if posture.allows() => Gate::Open,
            Some(Posture::Functional) if !self.decided => Gate::Held,
            Some(_) => Gate::Closed,
        }
    }

    /// The visitor decided. `functional` after a decision is a refusal of analytics; before one it is an open question.
    pub fn set(&mut self, posture: Posture) -> Change {
        let before = self.gate();
        let still_pending = before == Gate::Held && posture == Posture::Functional;
        self.posture = Some(posture);
        self.decided = !still_pending;
        match (before, self.gate()) {
            (Gate::Open, Gate::Held | Gate::Closed) | (Gate::Held, Gate::Closed) => Change::Withdrawn,
            (Gate::Held | Gate::Closed, Gate::Open) => Change::Opened,
            _ => Change::Same,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate(posture: &str, signal: bool) -> Gate {
        Consent::new(Posture::parse(posture), true, signal).gate()
    }

    #[test]
    fn the_gate_follows_the_posture() {
        assert_eq!(gate("", false), Gate::Open);
        assert_eq!(gate("none", false), Gate::Closed);
        assert_eq!(gate("functional", false), Gate::Held);
        assert_eq!(gate("analytics", false), Gate::Open);
        assert_eq!(gate("all", false), Gate::Open);
    }

    #[test]
    fn global_privacy_control_withholds_consent_until_the_visitor_gives_it_here() {
        for posture in ["", "none", "functional", "analytics", "all"] {
            assert_eq!(gate(posture, true), Gate::Closed, "{posture}");
        }
        let mut consent = Consent::new(None, true, true);
        assert_eq!(consent.set(Posture::Analytics), Change::Opened);
        assert_eq!(consent.gate(), Gate::Open);
    }

    #[test]
    fn a_gate_that_is_not_respected_is_open() {
        assert_eq!(Consent::new(Some(Posture::None), false, true).gate(), Gate::Open);
    }

    #[test]
    fn an_upgrade_opens_and_a_withdrawal_closes() {
        let mut consent = Consent::new(Some(Posture::Functional), true, false);
        assert_eq!(consent.set(Posture::Functional), Change::Same);
        assert_eq!(consent.gate(), Gate::Held);
        assert_eq!(consent.set(Posture::Analytics), Change::Opened);
        assert_eq!(consent.set(Posture::All), Change::Same);
        assert_eq!(consent.set(Posture::Functional), Change::Withdrawn);
        assert_eq!(consent.gate(), Gate::Closed);
        assert_eq!(consent.set(Posture::None), Change::Same);
        assert_eq!(consent.set(Posture::All), Change::Opened);
    }

    #[test]
    fn refusing_while_pending_discards_what_was_held() {
        let mut consent = Consent::new(Some(Posture::Functional), true, false);
        assert_eq!(consent.set(Posture::None), Change::Withdrawn);
        assert_eq!(consent.gate(), Gate::Closed);
    }
}
