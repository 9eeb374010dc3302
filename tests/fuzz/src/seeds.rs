//! What real devices wrote, in the form in which each target takes it: where a search begins.

use dianbu::sync::keys::InviteKeys;
use dianbu::sync::member::{META_IDENTITY, META_ROSTER, META_VAULT};
use dianbu::sync::name::Name;
use dianbu::sync::object::{Kind, Sealed};
use dianbu::sync::wire;

use crate::team::{Shop, founder, shop};

/// Inputs, each with the name of its target.
pub type Seeds = Vec<(&'static str, Vec<u8>)>;

/// All that follow from the shop's life.
pub fn seeds() -> Seeds {
    let shop = shop();
    let mut seeds = Seeds::new();
    let (mut manifest, mut part) = (None, None);
    for (name, object) in &shop.objects {
        seeds.push(("object", [&[3], name.to_string().as_bytes()].concat()));
        if name.dev() == Some(founder().identity.dev()) && name.seq().is_none_or(|seq| seq < 4) {
            seeds.push(("object", [&[0], object.as_slice()].concat()));
        }
        let Some(body) = open(&shop, *name, object) else { continue };
        match name.kind() {
            Kind::Vault => seeds.push(("welcome", [&[1], body.as_slice()].concat())),
            Kind::Invite => seeds.push(("welcome", [&[2], body.as_slice()].concat())),
            Kind::Control => seeds.push(("control", body)),
            Kind::Head => seeds.push(("head", body)),
            Kind::Segment => {
                seeds.push(("object", [&[2], plain(&body).as_slice()].concat()));
                seeds.push(("segment", body));
            }
            Kind::Manifest => manifest = Some(body),
            Kind::Pack => seeds.push(("snapshot", [&[0, 0], body.as_slice()].concat())),
            Kind::Part => part = Some(body),
            Kind::Photo => {}
        }
    }
    let (manifest, part): (Vec<u8>, Vec<u8>) = (manifest.unwrap_or_default(), part.unwrap_or_default());
    let length = u16::try_from(manifest.len()).unwrap_or_default().to_be_bytes();
    seeds.push(("snapshot", [&length, manifest.as_slice(), &part].concat()));
    seeds.push(("welcome", [&[0], shop.invitation.to_link_payload().as_bytes()].concat()));
    for loaded in &shop.stores {
        seeds.push(("state", [&[0], wire::to_bytes(&loaded.state).as_slice()].concat()));
        for (drawer, wanted) in [(2, META_IDENTITY), (3, META_VAULT), (4, META_ROSTER)] {
            let bytes = loaded.meta.iter().filter(|(name, _)| name == wanted);
            seeds.extend(bytes.map(|(_, bytes)| ("state", [&[drawer], bytes.as_slice()].concat())));
        }
    }
    seeds.push(("state", vec![1, 6]));
    seeds.extend(lists());
    seeds
}

/// The body of an object of the shop.
fn open(shop: &Shop, name: Name, object: &[u8]) -> Option<Vec<u8>> {
    let sealed = Sealed::read(object, name).ok()?;
    let place = sealed.place;
    match name.kind() {
        Kind::Vault => Some(sealed.clear().to_vec()),
        Kind::Invite => sealed.open(&InviteKeys::new(&shop.invitation.secret).seal).ok(),
        kind => sealed.open(&founder().vault.object_key(place.epoch, kind, place.dev, place.seq)?).ok(),
    }
}

/// Length, body in one stored block, padding: as it lies below a seal.
fn plain(body: &[u8]) -> Vec<u8> {
    let length = u16::try_from(body.len()).unwrap_or(u16::MAX);
    let body = body.get(..usize::from(length)).unwrap_or_default();
    let block = [&[1], length.to_le_bytes().as_slice(), (!length).to_le_bytes().as_slice(), body].concat();
    let all = u32::try_from(block.len()).unwrap_or_default().to_be_bytes();
    [all.as_slice(), block.as_slice(), &[0; 3]].concat()
}

/// Beginnings of the files that the import is tested with.
fn lists() -> Seeds {
    let files: [(&str, &[u8]); 7] = [
        ("csv", include_bytes!("../../fixtures/customers-zh.gb18030.csv")),
        ("csv", include_bytes!("../../fixtures/businesses-losangeles.csv")),
        ("csv", include_bytes!("../../fixtures/complaints-cfpb.csv")),
        ("vcard", include_bytes!("../../fixtures/vcard/android-full.vcf")),
        ("vcard", include_bytes!("../../fixtures/vcard/android-quotedprintable.vcf")),
        ("vcard", include_bytes!("../../fixtures/vcard/google-full.vcf")),
        ("vcard", include_bytes!("../../fixtures/vcard/ios-full.vcf")),
    ];
    let beginning = |bytes: &[u8]| {
        let end = bytes.iter().take(3_000).rposition(|byte| *byte == b'\n').map_or(bytes.len(), |end| end + 1);
        bytes.get(..end).unwrap_or_default().to_vec()
    };
    let mut seeds: Seeds = files.map(|(target, bytes)| (target, beginning(bytes))).into();
    let utf16 = |text: &str| [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    seeds.push(("csv", utf16("姓名\t电话\t生日\n王芳\t13900000001\t1990-05-01\n")));
    seeds.push(("csv", "name;phone;tags\r\n\"Wang; Fang\";'+86 139;\"a\r\nb\"\r\n".into()));
    seeds
}
