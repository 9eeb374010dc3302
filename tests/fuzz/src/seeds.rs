//! What real devices wrote, in the form in which each target takes it: where a search begins.

use dianbu::book::PhotoRef;
use dianbu::sync::keys::InviteKeys;
use dianbu::sync::member::{META_IDENTITY, META_ROSTER, META_VAULT};
use dianbu::sync::name::Name;
use dianbu::sync::object::{Kind, Sealed};
use dianbu::sync::wire;
use minicbor::bytes::ByteVec;

use crate::targets::photo;
use crate::team::{Carried, carried, founder, shop};

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
        let Some(body) = open(&shop.invitation.secret, *name, object) else { continue };
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
    seeds.extend(files());
    seeds.extend(photos());
    seeds.extend(lists());
    seeds
}

/// The body of an object of the shop; the secret is that of an invitation.
fn open(secret: &[u8; 16], name: Name, object: &[u8]) -> Option<Vec<u8>> {
    let sealed = Sealed::read(object, name).ok()?;
    let place = sealed.place;
    match name.kind() {
        Kind::Vault => Some(sealed.clear().to_vec()),
        Kind::Invite => sealed.open(&InviteKeys::new(secret).seal).ok(),
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

/// Files carried by hand: true ones, some that were damaged, and the bodies of one.
fn files() -> Seeds {
    let carried = carried();
    let whole = |bytes: &[u8]| ("carried", [&[0], bytes].concat());
    let mut seeds = Seeds::new();
    for file in &carried.files {
        let mut altered = file.clone();
        altered.iter_mut().skip(400).step_by(file.len() / 2).for_each(|byte| *byte ^= 1);
        let objects = Carried::objects_of(file);
        let head = Carried::file_of(objects.iter().take(1).cloned().collect());
        seeds.extend([whole(file), whole(&altered), whole(&head), whole(file.get(..file.len() / 2).unwrap_or(file))]);
    }
    seeds.push(("carried", bodies(&Carried::objects_of(&carried.files[0]))));
    // All objects, as they are and each altered in one way.
    let count = u8::try_from(carried.objects.len()).unwrap_or(u8::MAX);
    for what in 0..5 {
        let edits = |which: u8| [which, if which % 3 == 1 { what } else { 0 }, which.wrapping_mul(37), 1];
        seeds.push(("carried", [1].into_iter().chain((0..count).flat_map(edits)).collect()));
    }
    seeds
}

/// What the founder sealed for such a file beyond what is known, the head's last.
fn bodies(objects: &[(String, ByteVec)]) -> Vec<u8> {
    let (mut bodies, mut last) = (vec![2, 0], Vec::new());
    let [_, entry] = carried().known;
    for (name, object) in objects {
        let Some(name) = Name::parse(name).filter(|name| name.dev() == Some(founder().identity.dev())) else {
            continue;
        };
        if name.kind() == Kind::Control && name.seq() <= Some(entry.seq) {
            continue;
        }
        let Some(body) = open(&[0; 16], name, object) else { continue };
        match name.kind() {
            Kind::Head => last = body,
            kind => {
                bodies.extend(u16::try_from(body.len() + 1).unwrap_or(u16::MAX).to_be_bytes());
                bodies.push(u8::from(kind == Kind::Control));
                bodies.extend(body);
            }
        }
    }
    [bodies, u16::try_from(last.len()).unwrap_or(u16::MAX).to_be_bytes().to_vec(), last].concat()
}

/// A photo as a record names it, its object and its body.
fn photos() -> Seeds {
    let (photo, body) = photo::known();
    let object = dianbu::sync::photo::sealed(founder().vault.id, &photo, &body).unwrap_or_default();
    let another = PhotoRef::of(photo.dev, b"another");
    let inputs: [(u8, Vec<u8>); 7] = [
        (0, photo.to_string().into()),
        (0, PhotoRef::join(&[photo, another]).into()),
        (0, photo.key().into()),
        (1, object.get(..object.len() / 2).unwrap_or_default().into()),
        (1, object),
        (2, body),
        (2, photo::CONTENT.into()),
    ];
    inputs.map(|(mode, bytes)| ("photo", [&[mode], bytes.as_slice()].concat())).into()
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
