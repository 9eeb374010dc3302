//! The states of a complaint as a machine (P5), and who may close it (P5, P8).

use crate::book::RowId;
use crate::words::{Words, words};

/// A state. The main line leads from received to closed; the others stand beside it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum State {
    /// Written down.
    Received,
    /// The customer knows who looks after it.
    Acknowledged,
    /// Severity and responsibility are judged.
    Assessed,
    /// The facts are known.
    Investigated,
    /// The customer has our answer.
    Answered,
    /// What we do is decided.
    Decided,
    /// Ended, with the customer's decision or an approval.
    Closed,
    /// The customer's turn: the clocks stand still.
    Waiting,
    /// In the hands of somebody above.
    Referred,
    /// Taken back by the customer.
    Withdrawn,
    /// Taken up again.
    Reopened,
}

use State::{
    Acknowledged, Answered, Assessed, Closed, Decided, Investigated, Received, Referred, Reopened, Waiting, Withdrawn,
};

/// The way of a complaint from its beginning to its end.
const MAIN: [State; 7] = [Received, Acknowledged, Assessed, Investigated, Answered, Decided, Closed];
/// A suggestion or praise is heard and ended (P11).
const SHORT: [State; 3] = [Received, Acknowledged, Closed];

impl State {
    /// Every state, in the order of the dictionary.
    pub const ALL: [Self; 11] = [
        Received,
        Acknowledged,
        Assessed,
        Investigated,
        Answered,
        Decided,
        Closed,
        Waiting,
        Referred,
        Withdrawn,
        Reopened,
    ];

    /// The key in the dictionary `COMPLAINT_STATE`.
    pub const fn key(self) -> &'static str {
        match self {
            Received => "received",
            Acknowledged => "acknowledged",
            Assessed => "assessed",
            Investigated => "investigated",
            Answered => "answered",
            Decided => "decided",
            Closed => "closed",
            Waiting => "waiting",
            Referred => "referred",
            Withdrawn => "withdrawn",
            Reopened => "reopened",
        }
    }

    /// The state of a key; none for one that only a newer version knows.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.key() == key)
    }

    /// Whether somebody still has to do something.
    pub const fn is_open(self) -> bool {
        !matches!(self, Closed | Withdrawn)
    }

    /// Whether it is on the main line.
    pub fn is_main(self) -> bool {
        MAIN.contains(&self)
    }

    /// The states that may follow (P5), the usual one first.
    ///
    /// `reached` is the last state of the main line that the complaint was in. Steps of the main line may be left out,
    /// because the reason for each change is in the log; nothing goes back, except to the investigation when the
    /// customer does not take the answer. A complaint must have been acknowledged before it can be closed.
    pub fn next(self, reached: Self, is_complaint: bool) -> Vec<Self> {
        if !self.is_open() {
            return vec![Reopened];
        }
        let line: &[Self] = if is_complaint { &MAIN } else { &SHORT };
        let place = line.iter().position(|state| *state == reached).unwrap_or(0);
        let heard = !is_complaint || reached > Received;
        let mut next = Vec::new();
        if matches!(self, Waiting | Referred) && reached > Received {
            next.push(reached);
        }
        next.extend(line.iter().skip(place + 1).filter(|state| heard || **state != Closed));
        if is_complaint && matches!(reached, Answered | Decided) {
            next.push(Investigated);
        }
        next.extend([Waiting, Referred, Withdrawn].into_iter().filter(|state| *state != self));
        next
    }
}

/// How a complaint ends (P5).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Ending<'a> {
    /// By what the customer decided, in their words.
    Customer {
        /// Whether they accept.
        accepted: bool,
        /// What they say.
        words: &'a str,
    },
    /// Nothing more can be done.
    Hopeless {
        /// Who approved it.
        approved: Option<RowId>,
        /// Why.
        why: &'a str,
    },
}

/// Why an action is refused.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Refusal {
    /// The complaint is not in the book.
    Gone,
    /// Another state stands between.
    NotNow,
    /// No state is chosen.
    NoState,
    /// No reason, or no words.
    NoWords,
    /// The prevention is missing (P4).
    NoPrevention,
    /// Nobody has said who acts.
    WhoActs,
    /// Who caused it would end it (P8).
    CauseEnds,
    /// Whether the customer accepts is missing (P5).
    NoVerdict,
    /// The customer's decision is missing in their words (P5).
    NoCustomerWords,
    /// Nobody approved that nothing more can be done (P5).
    NoApproval,
    /// Who caused it would approve it (P8).
    CauseApproves,
    /// Handed to nobody.
    NoColleague,
}

impl Refusal {
    /// What is wrong and what to do.
    pub const fn words(self) -> Words {
        match self {
            Self::Gone => words("这条投诉已不在账簿里。", "This complaint is not in the book any more."),
            Self::NotNow => words(
                "现在不能转到这个状态，可能别的设备刚改过。",
                "This state cannot follow now; another device may just have changed it.",
            ),
            Self::NoState => words("请选择转为什么状态。", "Please choose the new state."),
            Self::NoWords => words("请写明情况或原因。", "Please say what happened or why."),
            Self::NoPrevention => words("请写明怎样防止再发生。", "Please say how it is kept from happening again."),
            Self::WhoActs => words("请先选择是谁在处理。", "Please choose who is acting first."),
            Self::CauseEnds => words(
                "您是本投诉涉及的员工，不能自己结束它。请交给同事处理。",
                "You are the staff member concerned and cannot end this complaint yourself. Please hand it to a colleague.",
            ),
            Self::NoVerdict => words("请选择客户是否接受。", "Please choose whether the customer accepts."),
            Self::NoCustomerWords => {
                words("请用客户自己的话写下他的决定。", "Please write down the customer's decision in their own words.")
            }
            Self::NoApproval => words("请选择批准人。", "Please choose who approves it."),
            Self::CauseApproves => words(
                "涉及的员工不能批准，请另选一人。",
                "The staff member concerned cannot approve it. Please choose somebody else.",
            ),
            Self::NoColleague => words("请选择转交给谁。", "Please choose the colleague who takes over."),
        }
    }
}

/// Whether a complaint may be ended this way (P5, P8).
///
/// `me` is who acts; `is_alone` says that the book knows no staff at all, so that nobody can be asked who. A suggestion
/// or praise has no decision to wait for, but words are asked for all the same.
pub fn may_end(
    ending: Ending<'_>,
    me: Option<RowId>,
    cause: Option<RowId>,
    is_alone: bool,
    is_complaint: bool,
) -> Result<(), Refusal> {
    who_acts(me, cause, is_alone)?;
    match ending {
        Ending::Customer { words, .. } if words.trim().is_empty() => {
            Err(if is_complaint { Refusal::NoCustomerWords } else { Refusal::NoWords })
        }
        Ending::Hopeless { why, .. } if why.trim().is_empty() => Err(Refusal::NoWords),
        Ending::Hopeless { approved: None, .. } => Err(Refusal::NoApproval),
        Ending::Hopeless { approved, .. } if approved == cause => Err(Refusal::CauseApproves),
        Ending::Customer { .. } | Ending::Hopeless { .. } => Ok(()),
    }
}

/// Whoever is the cause cannot end a complaint alone (P8), so it must be known who acts.
pub fn who_acts(me: Option<RowId>, cause: Option<RowId>, is_alone: bool) -> Result<(), Refusal> {
    match me {
        None if !is_alone => Err(Refusal::WhoActs),
        Some(_) if me == cause => Err(Refusal::CauseEnds),
        _ => Ok(()),
    }
}
