use proptest::prelude::*;

use super::{Shared, read};

fn shared(name: &str, phone: &str, note: &str) -> Shared {
    Shared { name: name.into(), phone: phone.into(), note: note.into() }
}

#[test]
fn a_name_and_a_number_go_to_their_fields_in_any_order() {
    for text in [
        "李雷 13800138000",
        "13800138000 李雷",
        "姓名：李雷\n电话：13800138000",
        "李雷，手机：13800138000",
        "李雷\n\n13800138000\n",
    ] {
        assert_eq!(read(text), shared("李雷", "13800138000", ""), "{text}");
    }
    assert_eq!(read("Name: Zhang Min\nPhone: +852 6123 4567"), shared("Zhang Min", "+852 6123 4567", ""));
}

#[test]
fn the_rest_is_the_note() {
    assert_eq!(
        read("李雷\n电话 138-0013-8000\n想要三十份中秋礼盒，周五前报价\n备用 021-58881234"),
        shared("李雷", "138-0013-8000", "想要三十份中秋礼盒，周五前报价\n备用 021-58881234")
    );
}

#[test]
fn a_long_text_is_no_name_and_an_order_number_is_no_telephone() {
    let text = "昨天在店里买的茶叶罐盖子合不上，漏了一半，怎么处理？订单 20261127";
    assert_eq!(read(text), shared("", "", text));
    assert_eq!(read("  \n "), Shared::default());
    assert_eq!(read("Grand Hotel 13800138000"), shared("Grand Hotel", "13800138000", ""));
    assert_eq!(read("李雷\n不要打电话"), shared("李雷", "", "不要打电话"));
}

proptest! {
    #[test]
    fn no_digit_is_lost(text in "[\\PC\n]{0,80}") {
        let read = read(&text);
        let all = [read.name, read.phone, read.note].concat();
        let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
        prop_assert_eq!(digits(&all).len(), digits(&text).len());
    }
}
