//! Where each letter begins in a list of names that is sorted as [`name_key`](crate::domain::pinyin::name_key) sorts.

/// A letter of an index, in the order of the list.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Letter {
    /// `A` to `Z`, or `#` for names that begin with no letter.
    pub sign: char,
    /// The place of its first name; of an empty letter, the place where one would stand.
    pub first: usize,
    /// Nobody stands under it.
    pub is_empty: bool,
}

/// The letters of a sorted list, found by halving it; `key` is the first byte of an entry's key. Figures and signs sort
/// before the letters, other scripts behind them, so `#` stands where such names do: at the head, at the end, or both.
pub(super) fn letters<T>(sorted: &[T], key: impl Fn(&T) -> u8) -> Vec<Letter> {
    let begin = |byte: u8| sorted.partition_point(|one| key(one) < byte);
    let letter = |sign, first, end| Letter { sign, first, is_empty: first == end };
    let (head, end) = (begin(b'a'), begin(b'z' + 1));
    let mut all = Vec::with_capacity(28);
    if head > 0 {
        all.push(letter('#', 0, head));
    }
    let mut first = head;
    for byte in b'a'..=b'z' {
        let next = begin(byte + 1);
        all.push(letter(char::from(byte.to_ascii_uppercase()), first, next));
        first = next;
    }
    if head == 0 || end < sorted.len() {
        all.push(letter('#', end, sorted.len()));
    }
    all
}

/// The letter that one comes to who asks for the one at this place: itself, the next that is not empty, or the last.
pub fn landing(letters: &[Letter], at: usize) -> Option<usize> {
    let is_some = |letter: &Letter| !letter.is_empty;
    let next = letters.iter().skip(at).position(is_some).map(|on| at + on);
    next.or_else(|| letters.iter().rposition(is_some))
}

/// The letter under which a place of the list stands.
pub fn letter_at(letters: &[Letter], row: usize) -> Option<usize> {
    letters.iter().rposition(|letter| !letter.is_empty && letter.first <= row)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::pinyin::{initial, name_key};

    fn index(names: &[&str]) -> (Vec<String>, Vec<Letter>) {
        let mut keyed: Vec<_> = names.iter().map(|name| (name_key(name), (*name).to_owned())).collect();
        keyed.sort();
        let all = letters(&keyed, |(key, _)| key.bytes().next().unwrap_or_default());
        (keyed.into_iter().map(|(_, name)| name).collect(), all)
    }

    /// Signs and first names of the letters that are not empty.
    fn filled(names: &[&str]) -> Vec<(char, String)> {
        let (sorted, all) = index(names);
        all.iter().filter(|letter| !letter.is_empty).map(|letter| (letter.sign, sorted[letter.first].clone())).collect()
    }

    #[test]
    fn letters_begin_where_the_sort_puts_them() {
        let names = [
            "张三",
            "Zoe",
            "zack",
            "单雄信",
            "Sam",
            "曾五",
            "3号店",
            "欧阳",
            "Ａnn",
            "安娜",
            "(无名)",
            "Éric",
            "やまだ",
        ];
        let expected = [('#', "(无名)"), ('A', "安娜"), ('O', "欧阳"), ('S', "Sam"), ('Z', "zack"), ('#', "Éric")];
        assert_eq!(filled(&names), expected.map(|(sign, name)| (sign, name.to_owned())));
        assert_eq!(filled(&["单雄信", "单田芳", "丹丹"]).iter().map(|one| one.0).collect::<String>(), "DS");
    }

    #[test]
    fn the_sign_for_the_others_stands_where_they_do() {
        let signs = |names: &[&str]| index(names).1.iter().map(|letter| letter.sign).collect::<String>();
        let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
        assert_eq!(signs(&["张三"]), format!("{letters}#"));
        assert_eq!(signs(&["7", "张三"]), format!("#{letters}"));
        assert_eq!(signs(&["张三", "Éric"]), format!("{letters}#"));
        assert_eq!(signs(&["7", "Éric"]), format!("#{letters}#"));
        assert_eq!(signs(&[]), format!("{letters}#"));
    }

    #[test]
    fn an_empty_letter_leads_to_the_next_that_is_not() {
        let (_, all) = index(&["白一", "白二", "张三"]);
        let comes_to = |sign| landing(&all, all.iter().position(|letter| letter.sign == sign)?).map(|at| all[at].sign);
        assert_eq!(['A', 'B', 'C', 'Z', '#'].map(comes_to), ['B', 'B', 'Z', 'Z', 'Z'].map(Some));
        assert_eq!(landing(&index(&[]).1, 0), None);
        let sign_at = |row| letter_at(&all, row).map(|at| all[at].sign);
        assert_eq!([0, 1, 2, 9].map(sign_at), ['B', 'B', 'Z', 'Z'].map(Some));
    }

    proptest! {
        #[test]
        fn everybody_stands_under_their_letter(names in proptest::collection::vec("[张章单曾欧A-Ca-cＺ3(éЖあ ]{0,4}", 0..40)) {
            let names: Vec<_> = names.iter().map(String::as_str).collect();
            let (sorted, all) = index(&names);
            for (row, name) in sorted.iter().enumerate() {
                let at = letter_at(&all, row).unwrap();
                prop_assert_eq!(all[at].sign, initial(name), "{:?}", name);
                let begins = row == 0 || letter_at(&all, row - 1) != Some(at);
                prop_assert_eq!(all[at].first == row, begins);
            }
        }
    }
}
