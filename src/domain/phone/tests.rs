use proptest::prelude::*;

use super::*;

fn good(text: &str) -> String {
    let phone = Phone::read(text);
    assert!(!phone.doubtful, "{text} is doubtful");
    phone.text
}

#[test]
fn a_mobile_in_every_shape() {
    for text in [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "138.0013.8000",
        "+8613800138000",
        "+86 138-0013-8000",
        "8613800138000",
        "86 138 0013 8000",
        "0086 13800138000",
        "008613800138000",
        "１３８００１３８０００",
        "（+86）13800138000",
        "(86)13800138000",
        "＋８６ 13800138000",
        " 13800138000 ",
        "\u{202d}13800138000\u{202c}",
        "013800138000",
        "手机：138 0013 8000",
        "tel:+86-138-0013-8000",
    ] {
        assert_eq!(good(text), "+8613800138000", "{text}");
    }
}

#[test]
fn landlines_with_area_code_and_extension() {
    for (text, stored) in [
        ("021-5888 1234", "+862158881234"),
        ("(021)58881234", "+862158881234"),
        ("+86 (0)21 5888 1234", "+862158881234"),
        ("+86 021 58881234", "+862158881234"),
        ("86-10-68094788", "+861068094788"),
        ("0451-8234567", "+864518234567"),
        ("0755 8234 5678", "+8675582345678"),
        ("(010)68094788转8012", "+861068094788;ext=8012"),
        ("010-68094788 转 8012", "+861068094788;ext=8012"),
        ("010-68094788（转8012）", "+861068094788;ext=8012"),
        ("010-68094788-8012", "+861068094788;ext=8012"),
        ("０１０－６８０９４７８８－８０１２", "+861068094788;ext=8012"),
        ("0451-8234567-8", "+864518234567;ext=8"),
        ("010 68094788 ext. 12", "+861068094788;ext=12"),
        ("01068094788 x12", "+861068094788;ext=12"),
        ("01068094788#12", "+861068094788;ext=12"),
        ("010-68094788分机:801", "+861068094788;ext=801"),
        ("tel:+86-10-68094788;ext=8012", "+861068094788;ext=8012"),
        ("400-123-4567", "+864001234567"),
        ("800 820 8820", "+868008208820"),
        ("400-123-4567-3", "+864001234567;ext=3"),
    ] {
        assert_eq!(good(text), stored, "{text}");
    }
}

#[test]
fn foreign_numbers_with_plus_or_two_zeros() {
    for (text, stored) in [
        ("+1 (212) 555-1234", "+12125551234"),
        ("001 212 555 1234", "+12125551234"),
        ("+852 6123 4567", "+85261234567"),
        ("+1 212 555 1234 ext. 12", "+12125551234;ext=12"),
        ("+886-912-345-678", "+886912345678"),
    ] {
        assert_eq!(good(text), stored, "{text}");
    }
}

#[test]
fn a_doubtful_number_stays_as_typed() {
    for text in [
        "1314893643",
        "12345678901",
        "138001380001",
        "212-555-1234",
        "5888 1234",
        "010-6809478",
        "021-18881234",
        "13800138000-2",
        "110",
        "95588",
        "+86 12345",
        "+0123456789",
        "打他办公室",
        "138OO138000",
        "010203040Nickname4",
        "13800138000/13900139000",
    ] {
        assert_eq!(Phone::read(&format!(" {text}　")), Phone { text: text.to_owned(), doubtful: true }, "{text}");
    }
}

#[test]
fn several_numbers_in_one_cell() {
    let all = |text| Phone::read_all(text).into_iter().map(|phone| phone.text).collect::<Vec<_>>();
    assert_eq!(all("13800138000/021-58881234"), ["+8613800138000", "+862158881234"]);
    assert_eq!(all("138 0013 8000；139 0013 9000"), ["+8613800138000", "+8613900139000"]);
    assert_eq!(all("13800138000 13900139000"), ["+8613800138000", "+8613900139000"]);
    assert_eq!(all("138 0013 8000"), ["+8613800138000"]);
    assert_eq!(all("13800138000、不详"), ["+8613800138000", "不详"]);
    assert_eq!(all("办公室 电话"), ["办公室 电话"]);
    assert_eq!(all(" "), [""; 0]);
}

#[test]
fn numbers_are_shown_masked_and_dialled() {
    for (text, zh, en, mask, digits, href) in [
        ("13800138000", "138 0013 8000", "138 0013 8000", "138****8000", "13800138000", "tel:+8613800138000"),
        (
            "010-68094788转8012",
            "010 6809 4788 转 8012",
            "010 6809 4788 ext. 8012",
            "010****4788",
            "01068094788",
            "tel:+861068094788,8012",
        ),
        ("0451-8234567", "0451 823 4567", "0451 823 4567", "045****4567", "04518234567", "tel:+864518234567"),
        ("4001234567", "400 123 4567", "400 123 4567", "400****4567", "4001234567", "tel:4001234567"),
        ("+85261234567", "+852 6123 4567", "+852 6123 4567", "852****4567", "85261234567", "tel:+85261234567"),
        ("+12125551234", "+1 212 555 1234", "+1 212 555 1234", "121****1234", "12125551234", "tel:+12125551234"),
        ("95588", "95588", "95588", "****88", "95588", "tel:95588"),
    ] {
        let read = Phone::read(text);
        let phone = Phone::from_stored(&read.text);
        assert_eq!(phone, read, "the stored form says all");
        assert_eq!(phone.show(Lang::Zh), zh);
        assert_eq!(phone.show(Lang::En), en);
        assert_eq!(phone.mask(), mask);
        assert_eq!(phone.digits(), digits);
        assert_eq!(phone.href().as_deref(), Some(href));
    }
    assert_eq!(Phone::read("不详").href(), None);
    assert_eq!(Phone::read("不详").mask(), "****");
    assert!(Phone::read("13800138000").is_mobile());
    assert!(!Phone::read("010-68094788").is_mobile());
}

proptest! {
    #[test]
    fn what_is_shown_reads_back(
        national in "1[3-9][0-9]{9}|010[2-9][0-9]{7}|02[0-9][2-9][0-9]{7}|0[3-9][0-9]{2}[2-9][0-9]{6,7}|400[0-9]{7}",
        extension in proptest::option::of("[0-9]{1,6}"),
        english: bool,
    ) {
        let mobile = national.starts_with('1');
        let typed = match extension.filter(|_| !mobile) {
            Some(extension) => format!("{national}转{extension}"),
            None => national,
        };
        let phone = Phone::read(&typed);
        prop_assert!(!phone.doubtful, "{typed}");
        let shown = phone.show(if english { Lang::En } else { Lang::Zh });
        prop_assert_eq!(&Phone::read(&shown), &phone);
        prop_assert_eq!(Phone::read(&phone.text), phone);
    }

    #[test]
    fn nothing_is_lost_and_no_text_panics(text in "[0-9０-９+() x#转;-]{0,24}|.{0,24}") {
        let phone = Phone::read(&text);
        prop_assert!(!phone.doubtful || phone.text == text.trim());
        let _ = (phone.show(Lang::Zh), phone.mask(), phone.href());
    }
}
