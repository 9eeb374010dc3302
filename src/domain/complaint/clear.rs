//! The five steps of handling (P4): feelings first, matter second.

use super::state::Refusal;
use crate::words::{Words, words};

/// A step of CLEAR. Its key is also the key of the log entry that records it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum ClearStep {
    /// Control yourself.
    Control,
    /// Listen.
    Listen,
    /// Establish rapport.
    Establish,
    /// Apologise.
    Apologise,
    /// Resolve.
    Resolve,
}

use ClearStep::{Apologise, Control, Establish, Listen, Resolve};

impl ClearStep {
    /// Every step, in order.
    pub const ALL: [Self; 5] = [Control, Listen, Establish, Apologise, Resolve];

    /// The key in the dictionary `STEP`.
    pub const fn key(self) -> &'static str {
        match self {
            Control => "control",
            Listen => "listen",
            Establish => "establish",
            Apologise => "apologise",
            Resolve => "resolve",
        }
    }

    /// The step of a key; none for another entry of the log.
    pub fn of_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|step| step.key() == key)
    }

    /// Its letter.
    pub const fn sign(self) -> &'static str {
        match self {
            Control => "C",
            Listen => "L",
            Establish => "E",
            Apologise => "A",
            Resolve => "R",
        }
    }

    /// What is asked for at the step.
    pub const fn question(self) -> Words {
        match self {
            Control => words("准备好了吗（可留空）", "Ready? (may stay empty)"),
            Listen => words("事实：发生了什么", "The facts: what happened"),
            Establish => words("复述，并得到客户确认的说法", "What you restated and the customer confirmed"),
            Apologise => words("怎样道的歉", "How the apology was made"),
            Resolve => words("马上怎样补救", "The remedy now"),
        }
    }

    /// What is noted when nothing is written and nothing need be.
    pub const fn unsaid(self) -> Option<Words> {
        match self {
            Control => Some(words(
                "已平复心情，请客户坐下慢慢说。",
                "Calm; the customer was asked to sit and tell it in their own time.",
            )),
            _ => None,
        }
    }

    /// What to bear in mind.
    pub const fn tips(self) -> [Words; 3] {
        match self {
            Control => [
                words(
                    "先深呼吸：客户气的是事，不是您。",
                    "Breathe first: they are angry at what happened, not at you.",
                ),
                words("请到安静处坐下，倒一杯水。", "Offer a quiet seat and a glass of water."),
                words(
                    "火气上来了？马上请同事接手，这不丢脸。",
                    "Getting heated yourself? Hand over at once; there is no shame in it.",
                ),
            ],
            Listen => [
                words("让对方说完，不打断，不辩解。", "Let them finish: no interrupting, no defending."),
                words("记下时间、地点、商品、经过。", "Note when, where, which goods, what happened."),
                words("点头、应声，让对方看见您在记。", "Nod, answer, and let them see you write it down."),
            ],
            Establish => [
                words("换作是您会怎样？把这份感受说出来。", "How would you feel? Say that feeling aloud."),
                words(
                    "用自己的话复述，问一句：“我理解得对吗？”",
                    "Restate it in your words and ask: “Have I understood you?”",
                ),
                words("不说“规定就是这样”。", "Never say “those are the rules”."),
            ],
            Apologise => [
                words("为带来的不便道歉，不必先分对错。", "Apologise for the trouble; who is right can wait."),
                words(
                    "由谁道歉要说清楚，严重的由店长出面。",
                    "Say who apologises; for a serious matter it is the manager.",
                ),
                words("不推给厂家、系统或同事。", "Do not blame the maker, the system or a colleague."),
            ],
            Resolve => [
                words(
                    "先问客户希望怎样，再给两个可选的办法。",
                    "Ask what they wish, then offer two ways to choose from.",
                ),
                words("只答应做得到的，讲清谁、什么时候。", "Promise only what can be done: who, and by when."),
                words("补救之外，写下以后怎样防止。", "Besides the remedy, write how it will not happen again."),
            ],
        }
    }

    /// Whether the step may be recorded with these words (P4).
    pub fn is_said(self, said: &str, prevention: &str) -> Result<(), Refusal> {
        if said.trim().is_empty() && self.unsaid().is_none() {
            return Err(Refusal::NoWords);
        }
        if self == Resolve && prevention.trim().is_empty() {
            return Err(Refusal::NoPrevention);
        }
        Ok(())
    }
}
