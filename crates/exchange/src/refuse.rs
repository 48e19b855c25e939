//! Headings that are never accepted: Counterpart watches the programme, never the people in it.
//!
//! A heading is compared without case, spaces, punctuation and diacritics, with or without `x_` in front, and also when a
//! word for a person, a language or a number is added to it (`worker_name`, `phone2`, `name_zh`).

use std::collections::BTreeMap;
use std::sync::LazyLock;

use counterpart_model::TableId;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// What about a person a heading would hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Trait {
    /// A personal name.
    Name,
    /// A number or paper that identifies one person.
    Identity,
    /// Where a person can be reached.
    Contact,
    /// When a person was born.
    Birth,
    /// Sex or gender.
    Sex,
    /// Ethnicity.
    Ethnicity,
    /// Religion.
    Religion,
    /// Political view or membership.
    Politics,
    /// Where and with whom a person lives.
    Home,
    /// Face, voice, body.
    Body,
}

impl Trait {
    /// Returns why a heading of this kind is refused, as a noun phrase.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::Name => "a private person's name",
            Self::Identity => "a number or paper that identifies one person",
            Self::Contact => "a way to reach one person",
            Self::Birth => "a person's date or place of birth",
            Self::Sex => "a person's sex or gender",
            Self::Ethnicity => "a person's ethnicity",
            Self::Religion => "a person's religion",
            Self::Politics => "a person's political view or membership",
            Self::Home => "a person's home or household",
            Self::Body => "a picture of a person or a measurement of the body",
        }
    }
}

/// The refused headings in words, by what they would hold: English, Chinese, Uyghur, Russian, French, German, Spanish.
pub const REFUSED: &[(Trait, &[&str])] = &[
    (
        Trait::Name,
        &[
            "name",
            "names",
            "full name",
            "first name",
            "last name",
            "middle name",
            "surname",
            "family name",
            "given name",
            "forename",
            "maiden name",
            "nickname",
            "person",
            "person name",
            "father's name",
            "mother's name",
            "姓名",
            "名字",
            "姓",
            "名",
            "全名",
            "曾用名",
            "别名",
            "真实姓名",
            "父亲姓名",
            "母亲姓名",
            "人名",
            "ئىسمى",
            "ئىسىم",
            "ئىسىم فامىلىسى",
            "ئىسىم-فامىلىسى",
            "فامىلىسى",
            "فامىلە",
            "имя",
            "фамилия",
            "отчество",
            "фио",
            "ф.и.о.",
            "полное имя",
            "имя и фамилия",
            "nom",
            "nom complet",
            "nom de famille",
            "prénom",
            "prénoms",
            "nachname",
            "vorname",
            "familienname",
            "vollständiger name",
            "nombre",
            "nombres",
            "nombre completo",
            "apellido",
            "apellidos",
        ],
    ),
    (
        Trait::Identity,
        &[
            "id number",
            "id no",
            "id nr",
            "id num",
            "identity number",
            "identification number",
            "identity card",
            "identity document",
            "national id",
            "national identity number",
            "id card",
            "id card number",
            "citizen id",
            "personal id",
            "person id",
            "worker id",
            "employee id",
            "social security number",
            "ssn",
            "tax id of person",
            "passport",
            "passport number",
            "passport no",
            "driving licence number",
            "driver license",
            "bank account",
            "bank card",
            "身份证",
            "身份证号",
            "身份证号码",
            "身份证件号码",
            "证件号",
            "证件号码",
            "公民身份号码",
            "护照",
            "护照号",
            "护照号码",
            "社保号",
            "社会保障号码",
            "银行卡号",
            "银行账号",
            "كىملىك",
            "كىملىك نومۇرى",
            "كىملىكى",
            "پاسپورت",
            "پاسپورت نومۇرى",
            "паспорт",
            "номер паспорта",
            "паспортные данные",
            "удостоверение личности",
            "инн",
            "снилс",
            "passeport",
            "numéro de passeport",
            "carte d'identité",
            "numéro d'identité",
            "numéro de sécurité sociale",
            "reisepass",
            "reisepassnummer",
            "personalausweis",
            "ausweisnummer",
            "sozialversicherungsnummer",
            "pasaporte",
            "número de pasaporte",
            "documento de identidad",
            "número de identidad",
            "dni",
            "cédula",
        ],
    ),
    (
        Trait::Contact,
        &[
            "phone",
            "phone number",
            "telephone",
            "telephone number",
            "mobile",
            "mobile phone",
            "mobile number",
            "cell phone",
            "email",
            "e-mail",
            "email address",
            "wechat",
            "wechat id",
            "whatsapp",
            "contact",
            "contacts",
            "contact person",
            "contact name",
            "电话",
            "电话号码",
            "联系电话",
            "手机",
            "手机号",
            "手机号码",
            "移动电话",
            "邮箱",
            "电子邮箱",
            "微信",
            "微信号",
            "联系人",
            "联系方式",
            "تېلېفون",
            "تېلېفون نومۇرى",
            "تېلىفون",
            "تېلىفون نومۇرى",
            "يانفون",
            "يانفون نومۇرى",
            "ئېلخەت",
            "ئۈندىدار",
            "телефон",
            "номер телефона",
            "мобильный телефон",
            "мобильный",
            "электронная почта",
            "контактное лицо",
            "téléphone",
            "numéro de téléphone",
            "portable",
            "courriel",
            "telefon",
            "telefonnummer",
            "handynummer",
            "mobiltelefon",
            "teléfono",
            "número de teléfono",
            "móvil",
            "correo electrónico",
        ],
    ),
    (
        Trait::Birth,
        &[
            "birth date",
            "date of birth",
            "birthdate",
            "birthday",
            "dob",
            "birth year",
            "year of birth",
            "birthplace",
            "place of birth",
            "出生日期",
            "出生年月",
            "出生年月日",
            "出生年份",
            "生日",
            "出生地",
            "籍贯",
            "تۇغۇلغان ۋاقتى",
            "تۇغۇلغان چېسلا",
            "تۇغۇلغان يىلى",
            "تۇغۇلغان كۈنى",
            "تۇغۇلغان يېرى",
            "дата рождения",
            "день рождения",
            "год рождения",
            "место рождения",
            "date de naissance",
            "lieu de naissance",
            "geburtsdatum",
            "geburtsort",
            "geburtstag",
            "fecha de nacimiento",
            "lugar de nacimiento",
        ],
    ),
    (
        Trait::Sex,
        &[
            "sex",
            "gender",
            "性别",
            "جىنسى",
            "جىنس",
            "пол",
            "гендер",
            "sexe",
            "genre",
            "geschlecht",
            "sexo",
            "género",
        ],
    ),
    (
        Trait::Ethnicity,
        &[
            "ethnicity",
            "ethnic group",
            "ethnic",
            "ethnic origin",
            "ethnic background",
            "race",
            "minority",
            "nationality of person",
            "民族",
            "民族成分",
            "族别",
            "族裔",
            "少数民族",
            "种族",
            "مىللىتى",
            "مىللەت",
            "مىللەت تەۋەلىكى",
            "национальность",
            "этническая принадлежность",
            "этнос",
            "этничность",
            "раса",
            "ethnie",
            "origine ethnique",
            "ethnische zugehörigkeit",
            "ethnische herkunft",
            "volksgruppe",
            "etnia",
            "origen étnico",
            "grupo étnico",
        ],
    ),
    (
        Trait::Religion,
        &[
            "religion",
            "religious belief",
            "religious affiliation",
            "faith",
            "belief",
            "creed",
            "宗教",
            "宗教信仰",
            "信仰",
            "دىنى",
            "دىن",
            "دىنىي ئېتىقادى",
            "ئېتىقادى",
            "ئېتىقاد",
            "религия",
            "вероисповедание",
            "вера",
            "религиозная принадлежность",
            "foi",
            "confession",
            "croyance",
            "glaube",
            "konfession",
            "religionszugehörigkeit",
            "religión",
            "fe",
            "creencia",
        ],
    ),
    (
        Trait::Politics,
        &[
            "political view",
            "political views",
            "political opinion",
            "political affiliation",
            "political status",
            "party membership",
            "party member",
            "union membership",
            "政治面貌",
            "政治身份",
            "政治观点",
            "党员",
            "党派",
            "سىياسىي قاراش",
            "سىياسىي قىياپىتى",
            "سىياسىي سالاھىيىتى",
            "پارتىيە ئەزاسى",
            "политические взгляды",
            "партийность",
            "членство в партии",
            "opinion politique",
            "opinions politiques",
            "politische meinung",
            "parteizugehörigkeit",
            "opinión política",
            "afiliación política",
        ],
    ),
    (
        Trait::Home,
        &[
            "home address",
            "residential address",
            "private address",
            "household",
            "household id",
            "household register",
            "household registration",
            "hukou",
            "family members",
            "family member",
            "marital status",
            "spouse",
            "children",
            "relatives",
            "住址",
            "家庭住址",
            "现住址",
            "家庭地址",
            "户籍地址",
            "户口",
            "户口所在地",
            "户籍",
            "户主",
            "户号",
            "家庭成员",
            "婚姻状况",
            "配偶",
            "ئادرېس",
            "ئادرېسى",
            "ئائىلە ئادرېسى",
            "ئۆي ئادرېسى",
            "نوپۇس",
            "نوپۇسى",
            "ئائىلە ئەزالىرى",
            "ئائىلە",
            "домашний адрес",
            "адрес проживания",
            "место жительства",
            "прописка",
            "домохозяйство",
            "состав семьи",
            "семейное положение",
            "adresse personnelle",
            "adresse du domicile",
            "ménage",
            "situation familiale",
            "wohnadresse",
            "privatadresse",
            "haushalt",
            "familienstand",
            "domicilio",
            "hogar",
            "dirección particular",
            "estado civil",
        ],
    ),
    (
        Trait::Body,
        &[
            "photograph",
            "photo",
            "portrait",
            "face image",
            "biometric",
            "biometrics",
            "biometric data",
            "fingerprint",
            "fingerprints",
            "iris",
            "iris scan",
            "dna",
            "blood type",
            "voiceprint",
            "health status",
            "disability",
            "照片",
            "相片",
            "头像",
            "人脸",
            "生物识别",
            "生物特征",
            "指纹",
            "虹膜",
            "血型",
            "声纹",
            "健康状况",
            "سۈرەت",
            "سۈرىتى",
            "رەسىمى",
            "بارماق ئىزى",
            "بىئولوگىيەلىك ئالاھىدىلىكى",
            "قان تىپى",
            "фото",
            "фотография",
            "биометрия",
            "биометрические данные",
            "отпечатки пальцев",
            "группа крови",
            "днк",
            "photographie",
            "empreintes digitales",
            "biométrie",
            "lichtbild",
            "fingerabdruck",
            "biometrie",
            "fotografía",
            "foto",
            "huella dactilar",
            "huellas dactilares",
            "biometría",
        ],
    ),
];

/// Words that may stand beside a refused heading without making it another one.
const COMPANIONS: &[&str] = &[
    "no", "nr", "num", "number", "text", "raw", "original", "value", "the", "of", "a", "zh", "cn", "chinese",
    "en", "english", "ug", "uyghur", "ru", "russian", "local", "latin", "pinyin",
];

/// Words for a person: beside any refused heading, names included, they make it a person's in every table.
const PERSONS: &[&str] = &[
    "person",
    "persons",
    "people",
    "individual",
    "worker",
    "workers",
    "employee",
    "employees",
    "labourer",
    "laborer",
    "trainee",
    "trainees",
    "student",
    "students",
    "pupil",
    "pupils",
    "patient",
    "patients",
    "resident",
    "residents",
    "teacher",
    "doctor",
    "beneficiary",
    "beneficiaries",
    "detainee",
    "migrant",
    "respondent",
    "interviewee",
    "father",
    "mother",
    "parent",
    "child",
    "wife",
    "husband",
    "spouse",
    "contact",
    "victim",
    "witness",
];

/// Words whose presence in a Chinese heading is enough, because headings there are written without spaces.
const INSIDE: &[(Trait, &str)] = &[
    (Trait::Name, "姓名"),
    (Trait::Identity, "身份证"),
    (Trait::Identity, "护照"),
    (Trait::Contact, "手机号"),
    (Trait::Contact, "联系电话"),
    (Trait::Birth, "出生日期"),
    (Trait::Birth, "出生年月"),
    (Trait::Politics, "政治面貌"),
    (Trait::Religion, "宗教信仰"),
    (Trait::Home, "家庭住址"),
    (Trait::Body, "指纹"),
    (Trait::Body, "生物识别"),
];

static BY_FOLDED: LazyLock<BTreeMap<String, Trait>> = LazyLock::new(|| {
    REFUSED
        .iter()
        .flat_map(|(about, words)| words.iter().map(|word| (fold(word).concat(), *about)))
        .collect()
});

/// Returns what about a person a heading would hold, or `None` where the heading may stand.
///
/// `name` may stand in tables whose `name` is that of an office, a place or an organisation; `table` is `None` for a
/// table of the case's own, which has no such leave.
///
/// # Example
/// ```
/// use counterpart_exchange::refuse::{Trait, refused};
/// use counterpart_model::TableId;
///
/// assert_eq!(refused(Some(TableId::Placements), "X_Worker Name"), Some(Trait::Name));
/// assert_eq!(refused(Some(TableId::Placements), "身份证号"), Some(Trait::Identity));
/// assert_eq!(refused(Some(TableId::Places), "name"), None);
/// ```
#[must_use]
pub fn refused(table: Option<TableId>, heading: &str) -> Option<Trait> {
    let mut words = fold(heading);
    if words.len() > 1 && words.first().is_some_and(|word| word == "x") {
        words.remove(0);
    }
    let public_name = table.is_some_and(TableId::has_public_name);
    let of_a_person = words.iter().any(|word| PERSONS.contains(&word.as_str()));
    let allowed =
        |about: Trait, found: &str| about == Trait::Name && public_name && !of_a_person && found == "name";

    let whole = words.concat();
    let plain: String = words
        .iter()
        .filter(|word| !COMPANIONS.contains(&word.as_str()))
        .map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()))
        .collect();
    let bare: String = words
        .iter()
        .filter(|word| !COMPANIONS.contains(&word.as_str()) && !PERSONS.contains(&word.as_str()))
        .map(|word| word.trim_end_matches(|c: char| c.is_ascii_digit()))
        .collect();
    for found in [&whole, &plain, &bare] {
        if let Some(about) = BY_FOLDED.get(found.as_str()) {
            return (!allowed(*about, found)).then_some(*about);
        }
    }
    INSIDE
        .iter()
        .find(|(_, word)| whole.contains(&fold(word).concat()))
        .map(|(about, _)| *about)
}

/// Returns the words of a heading in small letters, without diacritics and punctuation.
fn fold(heading: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before_small = false;
    for c in heading.nfkd() {
        if is_combining_mark(c) || c == '\'' || c == '’' {
            continue;
        }
        let starts_word = c.is_ascii_uppercase() && before_small;
        before_small = c.is_ascii_lowercase();
        if !c.is_alphanumeric() {
            words.push(String::new());
            continue;
        }
        if starts_word {
            words.push(String::new());
        }
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_heading_of_the_schema_is_refused() {
        for table in TableId::ALL {
            for column in table.columns() {
                assert_eq!(
                    refused(Some(*table), column.name),
                    None,
                    "{table}.{}",
                    column.name
                );
            }
        }
    }

    #[test]
    fn headings_are_folded_before_they_are_compared() {
        for heading in [
            "Passport-No.",
            "x_PASSPORT",
            "passportNumber",
            "Ｐassport",
            "pásspört 2",
            "worker passport",
        ] {
            assert_eq!(refused(None, heading), Some(Trait::Identity), "{heading}");
        }
    }

    #[test]
    fn counts_and_organisations_are_not_mistaken_for_persons() {
        for heading in [
            "x_company_name",
            "x_note",
            "x_also_in",
            "x_persons",
            "x_old_id",
            "x_point",
            "x_workers",
            "x_sex_ratio",
        ] {
            assert_eq!(refused(Some(TableId::Placements), heading), None, "{heading}");
        }
    }

    #[test]
    fn names_stand_where_they_are_of_offices_and_places_only() {
        assert_eq!(refused(Some(TableId::Speakers), "name"), None);
        assert_eq!(refused(Some(TableId::Programmes), "x_name_zh"), None);
        assert_eq!(refused(Some(TableId::Speakers), "surname"), Some(Trait::Name));
        assert_eq!(
            refused(Some(TableId::Organisations), "worker_name"),
            Some(Trait::Name)
        );
        assert_eq!(refused(Some(TableId::Pairings), "name"), Some(Trait::Name));
        assert_eq!(refused(Some(TableId::Pairings), "x_name_zh"), Some(Trait::Name));
        assert_eq!(refused(None, "name"), Some(Trait::Name));
    }
}
