use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

fn all(character: char) -> Vec<&'static str> {
    readings(character).collect()
}

#[test]
fn characters_have_all_their_readings() {
    assert_eq!(all('张'), ["zhang"]);
    assert_eq!(all('单'), ["dan", "chan", "shan"]);
    assert_eq!(all('女'), ["nv", "ru"]);
    assert_eq!(all('一'), ["yi"]);
    assert_eq!(all('龥'), ["yu"], "the end of the first block");
    assert_eq!(all('〇').first(), Some(&"ling"));
    assert!(all('a').is_empty());
    assert!(all('\u{20000}').is_empty());
    let known = ('\u{4e00}'..='\u{9fff}').filter(|c| readings(*c).next().is_some()).count();
    assert_eq!(known, 20_924);
    assert_eq!(TABLE.begins.len(), COUNT + 1);
}

#[test]
fn surnames_are_read_as_surnames() {
    for (name, spelt) in [
        ("单明", "shanming"),
        ("曾伟", "zengwei"),
        ("仇英", "qiuying"),
        ("解晓东", "xiexiaodong"),
        ("查良镛", "zhaliangyong"),
        ("朴树", "piaoshu"),
        ("盖敏", "gemin"),
        ("翟思", "zhaisi"),
        ("任静", "renjing"),
        ("华罗", "hualuo"),
        ("覃艳超", "qinyanchao"),
        ("冼星海", "xianxinghai"),
        ("区小明", "ouxiaoming"),
        ("尉迟恭", "yuchigong"),
        ("万俟卨", "moqixie"),
        ("长孙磊", "zhangsunlei"),
        ("单于琼", "chanyuqiong"),
        ("欧阳一诺", "ouyangyinuo"),
        ("吕布", "lvbu"),
    ] {
        assert_eq!(spelling(name), spelt);
    }
    assert_eq!(spelling("王单"), "wangdan", "a given name is read as usual");
    assert_eq!(spelling("解放路商店"), "jiefanglushangdian", "an organisation has no surname");
    assert_eq!(spelling("Ｊohn Smith-2"), "johnsmith2");
}

#[test]
fn names_sort_as_in_a_chinese_list() {
    let mut names = ["曾伟", "张三", "章一", "张四", "安娜", "Bob", "李四", "林一", "单明", "阿宝", "3号店"];
    names.sort_by_key(|name| name_key(name));
    assert_eq!(names, ["3号店", "阿宝", "安娜", "Bob", "李四", "林一", "单明", "曾伟", "张三", "张四", "章一"]);
}

#[test]
fn an_index_has_a_letter_for_every_name() {
    for (name, letter) in [
        ("曾伟", 'Z'),
        ("单于琼", 'C'),
        (" bob", 'B'),
        ("Ｂob", 'B'),
        ("3号店", '#'),
        ("", '#'),
        ("吕布", 'L'),
        ("«x»", '#'),
    ] {
        assert_eq!(initial(name), letter, "{name}");
    }
}

/// What is highlighted, as pairs of first character and the one after the last.
fn found(query: &str, name: &str) -> Option<Vec<(usize, usize)>> {
    let found = Query::new(query).matches(name)?;
    Some(found.ranges.into_iter().map(|range| (range.start, range.end)).collect())
}

#[test]
fn names_are_found_by_han_pinyin_initials_and_mixtures() {
    for (query, name) in [
        ("张三丰", "张三丰"),
        ("zhangsanfeng", "张三丰"),
        ("ZHANG San Feng", "张三丰"),
        ("zsf", "张三丰"),
        ("zhsf", "张三丰"),
        ("zhangsf", "张三丰"),
        ("zsfeng", "张三丰"),
        ("张san丰", "张三丰"),
        ("张sf", "张三丰"),
        ("zhangsanf", "张三丰"),
        ("zhangsanfen", "张三丰"),
        ("xi'an", "西安"),
        ("xian", "西安"),
        ("xian", "先"),
        ("ouyyn", "欧阳一诺"),
        ("ｚｓｆ", "张三丰"),
        ("js", "John Smith"),
        ("john s", "John Smith"),
        ("johnsmith", "John Smith"),
        ("obrien", "Pat O'Brien"),
        ("lyubu", "吕布"),
        ("lvbu", "吕布"),
        ("lubu", "吕布"),
        ("lübu", "吕布"),
        ("3hao", "3号店"),
        ("vip王", "VIP王姐"),
    ] {
        let name_length = name.chars().count();
        let ranges = found(query, name).unwrap_or_else(|| panic!("{query} does not find {name}"));
        assert!(ranges.iter().all(|(start, end)| start < end && *end <= name_length));
    }
    assert_eq!(found("zhangs", "张三丰"), Some(vec![(0, 2)]));
    assert_eq!(found("zs", "张三丰"), Some(vec![(0, 2)]));
    assert_eq!(found("ouy", "欧阳一诺"), Some(vec![(0, 2)]));
    assert_eq!(found("sf", "张三丰"), Some(vec![(1, 3)]));
    assert_eq!(found("贸易", "宏达贸易有限公司"), Some(vec![(2, 4)]));
    assert_eq!(found("jsmi", "John Smith"), Some(vec![(0, 1), (5, 8)]));
    assert_eq!(found("zs", "张·三"), Some(vec![(0, 1), (2, 3)]));
}

#[test]
fn nothing_is_found_inside_a_syllable_or_word() {
    for (query, name) in [
        ("hang", "张三"),
        ("ang", "张三"),
        ("zhas", "张三"),
        ("sz", "张三"),
        ("zf", "张三丰"),
        ("mith", "John Smith"),
        ("zhangsang", "张三"),
        ("李", "张三"),
        ("8", "138"),
        ("", "张三"),
        ("-", "张三"),
        ("z", ""),
    ] {
        assert_eq!(found(query, name), None, "{query} in {name}");
    }
}

#[test]
fn polyphones_are_found_by_all_readings_the_surname_first() {
    let rank = |query: &str, name: &str| Query::new(query).rank(name).unwrap();
    assert!(rank("zeng", "曾伟") < rank("ceng", "曾伟"));
    assert!(rank("shan", "单明") < rank("dan", "单明"));
    assert!(rank("dan", "王单") < rank("shan", "王单"));
    assert!(rank("moqi", "万俟卨") < rank("wanqi", "万俟卨"));
    assert!(rank("yun", "贠明") < rank("yuan", "贠明"));
    assert!(Query::new("chong").finds("王重阳"));
    assert!(Query::new("zhong").finds("王重阳"));
}

#[test]
fn the_nearest_comes_first() {
    let order = |query: &str, mut names: Vec<&'static str>| {
        let query = Query::new(query);
        names.sort_by_key(|name| query.rank(name).unwrap());
        names
    };
    assert_eq!(
        order("张", vec!["小张", "张三", "张"]),
        ["张", "张三", "小张"],
        "the whole name, then its start, then its inside"
    );
    assert_eq!(order("张san", vec!["小张三", "张散人", "张三"]), ["张三", "张散人", "小张三"]);
    assert_eq!(order("li", vec!["林一", "李四", "王丽", "李"]), ["李", "李四", "林一", "王丽"]);
    assert_eq!(order("单", vec!["单", "单明"]), ["单", "单明"]);
    let whole = Query::new("zs").rank("张三").unwrap();
    assert_eq!((whole.place, whole.start), (Place::Whole, 0));
}

#[test]
fn a_long_query_and_a_long_text_do_no_harm() {
    let query = Query::new(&"啊a".repeat(200));
    assert!(query.finds(&"啊".repeat(400)));
    assert!(query.matches(&"啊".repeat(400)).is_some());
    assert!(!query.finds(&"啊".repeat(62)));
}

/// The plain reading of the rules: try every unit as the first, every way to eat. Slow and obvious.
fn slowly(query: &[char], name: &[char]) -> bool {
    fn from(query: &[char], name: &[char]) -> bool {
        if query.is_empty() {
            return true;
        }
        let Some((first, rest)) = name.split_first() else { return false };
        if query.first() == Some(first) && from(query.get(1..).unwrap_or_default(), rest) {
            return true;
        }
        readings(*first).any(|reading| {
            let letters: Vec<char> = reading.chars().collect();
            let initial = if letters.get(1) == Some(&'h') && letters.len() > 2 { 2 } else { 1 };
            let stops: BTreeSet<usize> = [1, initial, letters.len()].into();
            let whole = stops.into_iter().any(|stop| {
                query.get(..stop).is_some_and(|eaten| eaten == letters.get(..stop).unwrap_or_default())
                    && from(query.get(stop..).unwrap_or_default(), rest)
            });
            whole || letters.starts_with(query)
        })
    }
    (0..name.len()).any(|start| from(query, name.get(start..).unwrap_or_default()))
}

fn any_name() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select("张三单曾重长安西先陈沈行".chars().collect::<Vec<_>>()), 0..5)
        .prop_map(|name| name.into_iter().collect())
}

proptest! {
    #[test]
    fn the_scan_agrees_with_the_plain_rules(name in any_name(), query in "[zhangsexicd张三重]{1,8}") {
        let (signs, characters): (Vec<_>, Vec<_>) = (query.chars().collect(), name.chars().collect());
        let fast = Query::new(&query);
        prop_assert_eq!(fast.finds(&name), slowly(&signs, &characters), "{} in {}", query, name);
        prop_assert_eq!(fast.rank(&name).is_some(), fast.finds(&name));
        prop_assert_eq!(fast.matches(&name).is_some_and(|found| !found.ranges.is_empty()), fast.finds(&name));
    }

    #[test]
    fn the_gate_lets_through_all_that_is_found(name in "[zhang sZA1２·张三单西安-]{0,12}", query in "[zhangs x1２张三单]{1,6}") {
        let query = Query::new(&query);
        prop_assert!(query.is_empty() || query.gate.lets(&name) || !query.finds_surely(&name));
    }

    #[test]
    fn a_scan_of_many_names_lets_through_what_each_would(
        names in proptest::collection::vec("[zhang sZA1２·张三单西安-]{0,6}", 0..8),
        query in "[zhangs x1２张三单]{1,4}",
    ) {
        let query = Query::new(&query);
        let (mut all, mut expected) = (String::new(), Vec::new());
        for name in &names {
            if !query.is_empty() && query.gate.lets(name) {
                expected.push((all.len(), name.clone()));
            }
            all.push_str(name);
            all.push('\n');
        }
        let mut seen = Vec::new();
        query.scan(all.as_bytes(), |at, name| seen.push((at, name.to_owned())));
        prop_assert_eq!(seen, expected);
    }

    #[test]
    fn every_spelling_finds_its_name(name in any_name(), cut in 1_usize..30) {
        let spelt = spelling(&name);
        prop_assume!(!spelt.is_empty());
        let part: String = spelt.chars().take(cut).collect();
        prop_assert_eq!(Query::new(&spelt).rank(&name).map(|rank| rank.place), Some(Place::Whole));
        prop_assert!(Query::new(&part).finds(&name), "{}", part);
    }

    #[test]
    fn no_text_panics(query in ".{0,80}", name in ".{0,80}") {
        let _ = (Query::new(&query).matches(&name), name_key(&name), initial(&name));
    }
}
