//! What customers spent (C9, C26): what their cards carry over, with the deals recorded one by one.

use std::collections::HashMap;

use super::id::RowId;
use super::roll::Roll;
use super::row::Row;
use super::state::Book;
use crate::domain::axes::{Deal, Facts};
use crate::domain::customer::{customer, deal};

/// What a card says of deals, and whether a next step is agreed.
pub fn facts(card: &Row) -> Facts {
    Facts {
        first_deal: card.get(customer::FIRST_DEAL),
        last_deal: card.get(customer::LAST_DEAL),
        deals: card.get(customer::TIMES).unwrap_or_default(),
        spent: card.get(customer::SPENT).unwrap_or_default(),
        next_step: card.get(customer::NEXT_DAY).is_some() || !card.text(customer::NEXT_STEP).is_empty(),
        rank: (0, 0),
    }
}

/// A recorded deal as the facts take it.
pub fn deal_of(row: &Row) -> Deal {
    (row.get(deal::DAY), row.get(deal::AMOUNT).unwrap_or_default())
}

impl Book {
    /// What every customer who spent anything spent in all, in fen.
    pub fn spendings(&self, roll: &Roll) -> Vec<i64> {
        let mut totals: HashMap<RowId, i64> = roll.spent().collect();
        let mut deals: HashMap<RowId, Vec<Deal>> = HashMap::new();
        for (customer, row) in self.rows(deal::ID).filter_map(|(_, row)| Some((row.get(deal::CUSTOMER)?, row))) {
            deals.entry(customer).or_default().push(deal_of(&row));
        }
        for (id, deals) in deals {
            if let Some(card) = self.live(customer::ID, id) {
                totals.insert(id, facts(&card).with_deals(&deals).spent);
            }
        }
        totals.into_values().filter(|spent| *spent > 0).collect()
    }
}
