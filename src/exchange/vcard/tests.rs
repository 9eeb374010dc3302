use proptest::prelude::*;

use super::*;
use crate::exchange::text::host_gb18030;

fn cards(text: &str) -> Cards {
    read(text, &host_gb18030)
}

fn card(lines: &str) -> Card {
    let text = format!("BEGIN:VCARD\r\nVERSION:3.0\r\n{lines}\r\nEND:VCARD\r\n");
    let mut read = cards(&text);
    assert_eq!(read.cards.len(), 1);
    read.cards.remove(0)
}

fn fixture(name: &str) -> Cards {
    let path = format!("{}/tests/fixtures/vcard/{name}", env!("CARGO_MANIFEST_DIR"));
    cards(&std::fs::read_to_string(path).unwrap())
}

fn texts(contacts: &[Contact]) -> Vec<&str> {
    contacts.iter().map(|contact| contact.text.as_str()).collect()
}

fn stored(day: Option<AnnualDay>) -> Option<String> {
    day.map(AnnualDay::to_stored)
}

#[test]
fn an_android_card() {
    let read = fixture("android-full.vcf");
    let [card] = read.cards.as_slice() else { panic!("one card") };
    assert_eq!((card.name.as_str(), card.nickname.as_str()), ("Dr. Jhon middle 2, Suffix", "Pseudo"));
    assert_eq!((card.org.as_str(), card.title.as_str(), card.note.as_str()), ("SuperCorp", "Chairman", "Notes"));
    assert_eq!(card.phones.len(), 20);
    assert_eq!(texts(&card.phones)[..3], ["060-000-0010", "060-000-0012", "060-000-0001"], "preferred ones first");
    assert_eq!(card.phones.iter().filter(|phone| phone.kind == Kind::Fax).count(), 3);
    assert_eq!(card.phones.iter().filter(|phone| phone.kind == Kind::Mobile).count(), 2);
    assert_eq!(card.emails.len(), 4);
    assert_eq!(texts(&card.addresses), ["678 Plain Home Address, All one field 354, Bridgeport CT 06"]);
    assert_eq!(stored(card.birthday).as_deref(), Some("solar:2015-03-03"));
    assert_eq!(stored(card.anniversary).as_deref(), Some("solar:2015-03-04"));
    assert!(card.messengers.contains(&("QQ".to_owned(), "qqaccount".to_owned())));
    let left: Vec<_> = read.left_out.iter().map(|(name, count)| (name.as_str(), *count)).collect();
    let phonetic = ["X-PHONETIC-FIRST-NAME", "X-PHONETIC-LAST-NAME", "X-PHONETIC-MIDDLE-NAME"].map(|name| (name, 1));
    assert_eq!(left, [&[("X-ANDROID-CUSTOM", 16)][..], &phonetic, &[("X-SIP", 1)]].concat());
}

#[test]
fn quoted_printable_with_soft_line_ends() {
    let read = fixture("android-quotedprintable.vcf");
    let [card] = read.cards.as_slice() else { panic!("one card") };
    assert_eq!(card.name, "Testé de Cozy");
    assert_eq!(texts(&card.addresses), ["1, rue Accentuée 75010 Paris", "2 Sample Adress 75001 Paris"]);
    assert_eq!((card.org.as_str(), card.title.as_str()), ("Société Cozycloud", "Tésteur Fou"));
    assert_eq!(stored(card.birthday).as_deref(), Some("solar:1989-02-02"));
}

#[test]
fn a_google_card_with_lines_broken_without_a_space() {
    let read = fixture("google-full.vcf");
    let [card] = read.cards.as_slice() else { panic!("one card") };
    assert_eq!(card.name, "Mr AAAgoogleFirst Middleone Middletwo von AAALast Jr");
    assert_eq!(card.phones.len(), 8);
    assert_eq!(card.phones.iter().find(|phone| phone.label == "GRAND_CENTRAL").unwrap().text, "+1 212 555 4567");
    assert_eq!(
        texts(&card.addresses),
        [
            "678 Plain Home Address, All one field 354, Bridgeport CT 06834",
            "POB 999, Northville, 80 Maple Road, Danbury, CT 06810, USA",
            "678 Elm Street, Apt 354, Bridgeport, CT 06834, USA",
        ]
    );
    assert_eq!(card.urls.first().map(String::as_str), Some("http://profile.example.com/"));
    assert_eq!(
        card.note,
        "Blah, blah\n\nblah blah blah.\n\nblahblah\nCustom: Custom field data\nArbitrary_String: Another custom field"
    );
    assert_eq!(stored(card.anniversary).as_deref(), Some("solar:2001-01-01"));
    assert_eq!(read.left_out.get("X-ABRELATEDNAMES"), Some(&15));
    assert_eq!(read.left_out.get("X-ABDATE"), Some(&1));
}

#[test]
fn an_apple_card_with_a_lunar_birthday() {
    let read = fixture("ios-full.vcf");
    let [card] = read.cards.as_slice() else { panic!("one card") };
    assert_eq!(card.name, "Dr. Full Middle Contact Suffix");
    assert_eq!((card.org.as_str(), card.department.as_str()), ("SuperCorp", "Department"));
    assert_eq!(texts(&card.emails)[0], "test@cozy.io");
    assert_eq!(stored(card.birthday).as_deref(), Some("solar:2015-03-03"));
    assert_eq!(stored(card.lunar_birthday).as_deref(), Some("lunar:2013-12-01"));
    assert_eq!(stored(card.anniversary).as_deref(), Some("solar:2013-03-12"));
    assert_eq!(texts(&card.addresses)[0], "52, Rue Bonsergent, Paris, Ile De France 75010, France");
    assert!(card.messengers.contains(&("QQ".to_owned(), "qq".to_owned())));
}

#[test]
fn a_chinese_card() {
    let card = card(
        "N:张;三;;;\r\nORG:宏达贸易;销售部\r\nTEL;TYPE=CELL,VOICE:138 0013 8000\r\nADR;TYPE=WORK:;;世纪大道1号;浦东新区;上海市;200120;中国\r\n\
         CATEGORIES:VIP,茶\\,酒\r\nGENDER:F\r\nNOTE:第一\r\nNOTE:第二",
    );
    assert_eq!((card.name.as_str(), card.department.as_str()), ("张三", "销售部"));
    assert_eq!(card.phones, [Contact { kind: Kind::Mobile, label: String::new(), text: "138 0013 8000".to_owned() }]);
    assert_eq!(texts(&card.addresses), ["中国上海市浦东新区世纪大道1号 200120"]);
    assert_eq!(card.categories, ["VIP", "茶,酒"]);
    assert_eq!((card.gender.as_str(), card.note.as_str()), ("F", "第一\n第二"));
}

#[test]
fn old_phones_write_gbk() {
    let text = "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=GBK;QUOTED-PRINTABLE:=D5=C5;=C8=FD\nEND:VCARD";
    assert_eq!(cards(text).cards[0].name, "张三");
    let text = "BEGIN:VCARD\nVERSION:2.1\nN;ENCODING=QUOTED-PRINTABLE:=D5=C5;=C8=FD\nEND:VCARD";
    assert_eq!(cards(text).cards[0].name, "张三", "the charset is not even named");
}

#[test]
fn birthdays_with_and_without_year() {
    for (line, solar, lunar) in [
        ("BDAY:19500928", Some("solar:1950-09-28"), None),
        ("BDAY;VALUE=date:1950-09-28", Some("solar:1950-09-28"), None),
        ("BDAY:1950-09-28T00:00:00Z", Some("solar:1950-09-28"), None),
        ("BDAY:--0718", Some("solar:--07-18"), None),
        ("BDAY:--07-18", Some("solar:--07-18"), None),
        ("BDAY;X-APPLE-OMIT-YEAR=1604:1604-07-18", Some("solar:--07-18"), None),
        ("BDAY;VALUE=text:农历三月初八", None, Some("lunar:--03-08")),
        ("X-ALTBDAY;CALSCALE=chinese:007800301201", None, Some("lunar:2013-12-01")),
        ("X-ALTBDAY;CALSCALE=chinese:007800170415", None, Some("lunar:2000-04-15")),
        ("X-ALTBDAY;CALSCALE=chinese:0077002305L01", None, Some("lunar:1946-05L-01")),
        ("X-ALTBDAY;CALSCALE=chinese:-0415", None, Some("lunar:--04-15")),
        ("BDAY:soon", None, None),
    ] {
        let card = card(line);
        assert_eq!(stored(card.birthday).as_deref(), solar, "{line}");
        assert_eq!(stored(card.lunar_birthday).as_deref(), lunar, "{line}");
    }
    let unread = cards("BEGIN:VCARD\nBDAY:soon\nX-ALTBDAY;CALSCALE=hebrew:57800101\nEND:VCARD");
    assert_eq!(unread.left_out, [("BDAY".to_owned(), 1), ("X-ALTBDAY".to_owned(), 1)].into());
}

#[test]
fn lines_are_joined_and_pictures_passed_over() {
    let card = card(
        "FN:A very lo\r\n ng name\r\nPHOTO;ENCODING=b;TYPE=JPEG:AAAA\r\n BBBB\r\nLOGO;BASE64:\r\n CCCC\r\n\r\n\
         TEL;VALUE=uri;TYPE=\"voice,home\";PREF=1:tel:+86-10-6809\r\nKEY:data:text/plain;base64,AAAA\r\n\
         X-WECHAT;LABEL=\"a:b;c\":wx1",
    );
    assert_eq!(card.name, "A very long name");
    assert_eq!(card.phones, [Contact { kind: Kind::Home, label: String::new(), text: "+86-10-6809".to_owned() }]);
    assert_eq!(card.messengers, [("WECHAT".to_owned(), "wx1".to_owned())]);
}

#[test]
fn several_cards_and_broken_files() {
    let read = cards(
        "BEGIN:VCARD\nFN:A\nEND:VCARD\n\nBEGIN:VCARD\nFN:B\nAGENT:\nBEGIN:VCARD\nFN:Assistant\nEND:VCARD\nEND:VCARD\nX-OUT:1\nBEGIN:VCARD\nFN:C",
    );
    let names: Vec<_> = read.cards.iter().map(|card| card.name.as_str()).collect();
    assert_eq!(names, ["A", "B", "C"]);
    assert_eq!(read.left_out, [("X-OUT".to_owned(), 1)].into());
    assert_eq!(cards("").cards, []);
    assert_eq!(cards("just a text").cards, []);
}

proptest! {
    #[test]
    fn no_text_panics(text in "(BEGIN:VCARD\n)?([A-Z.;=:\\\\\" \r\n\tL0-9张-]{0,20}\n){0,4}(END:VCARD\n)?") {
        let _ = cards(&text);
    }

    #[test]
    fn any_name_survives_escaping_and_folding(name in "[a-z张 ,;:\\\\]{1,30}", width in 1_usize..9) {
        let escaped = name.replace('\\', "\\\\").replace(',', "\\,").replace(';', "\\;");
        let line: Vec<char> = format!("FN:{escaped}").chars().collect();
        // A fold inside the name of the property would be another property.
        let folded: String = line.iter().enumerate().map(|(at, c)| {
            if at > 3 && at % width == 0 { format!("\r\n {c}") } else { c.to_string() }
        }).collect();
        prop_assert_eq!(card(&folded).name, name.trim());
    }
}
