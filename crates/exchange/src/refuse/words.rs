//! The words: kept as tables, one group for each kind of trait, one language after the other.

use super::Trait;

/// The refused headings in words, by what they would hold: English, Chinese, Uyghur, Russian, French, German, Spanish.
#[rustfmt::skip]
pub const REFUSED: &[(Trait, &[&str])] = &[
    (Trait::Name, &[
        "name", "names", "full name", "first name", "last name", "middle name", "surname", "family name",
        "given name", "forename", "maiden name", "nickname", "person", "person name", "father's name",
        "mother's name", "xingming", "xing ming", "姓名", "名字", "姓", "名", "全名", "曾用名", "别名", "真实姓名", "父亲姓名", "母亲姓名", "人名", "ئىسمى",
        "ismi", "isim", "isim familisi", "familisi", "ئىسىم", "ئىسىم فامىلىسى", "ئىسىم-فامىلىسى", "فامىلىسى", "فامىلە", "имя", "фамилия", "отчество",
        "фио", "ф.и.о.", "полное имя", "имя и фамилия", "nom", "nom complet", "nom de famille", "prénom",
        "prénoms", "nachname", "vorname", "familienname", "vollständiger name", "nombre", "nombres",
        "nombre completo", "apellido", "apellidos",
    ]),
    (Trait::Identity, &[
        "id number", "id no", "id nr", "id num", "identity number", "identification number",
        "identity card", "identity document", "national id", "national identity number", "id card",
        "id card number", "citizen id", "personal id", "person id", "worker id", "employee id",
        "social security number", "ssn", "tax id of person", "passport", "passport number", "passport no",
        "driving licence number", "driver license", "bank account", "bank card", "身份证", "身份证号", "身份证号码",
        "身份证件号码", "证件号", "证件号码", "公民身份号码", "护照", "护照号", "护照号码", "社保号", "社会保障号码", "shenfenzheng", "shenfenzheng hao", "银行卡号", "银行账号", "كىملىك",
        "كىملىك نومۇرى", "كىملىكى", "پاسپورت", "پاسپورت نومۇرى", "паспорт", "номер паспорта",
        "паспортные данные", "удостоверение личности", "инн", "снилс", "passeport", "numéro de passeport",
        "carte d'identité", "numéro d'identité", "numéro de sécurité sociale", "reisepass",
        "reisepassnummer", "personalausweis", "ausweisnummer", "sozialversicherungsnummer", "pasaporte",
        "número de pasaporte", "documento de identidad", "número de identidad", "dni", "cédula",
    ]),
    (Trait::Contact, &[
        "phone", "phone number", "telephone", "telephone number", "mobile", "mobile phone",
        "mobile number", "cell phone", "email", "e-mail", "email address", "wechat", "wechat id",
        "whatsapp", "contact", "contacts", "contact person", "contact name", "电话", "电话号码", "联系电话", "手机",
        "手机号", "手机号码", "移动电话", "邮箱", "电子邮箱", "微信", "微信号", "联系人", "联系方式", "تېلېفون", "تېلېفون نومۇرى",
        "تېلىفون", "تېلىفون نومۇرى", "يانفون", "يانفون نومۇرى", "ئېلخەت", "ئۈندىدار", "телефон",
        "номер телефона", "мобильный телефон", "мобильный", "электронная почта", "контактное лицо",
        "téléphone", "numéro de téléphone", "portable", "courriel", "telefon", "telefonnummer",
        "handynummer", "mobiltelefon", "teléfono", "número de teléfono", "móvil", "correo electrónico",
    ]),
    (Trait::Birth, &[
        "birth date", "date of birth", "birthdate", "birthday", "dob", "birth year", "year of birth",
        "birthplace", "place of birth", "出生日期", "出生年月", "出生年月日", "出生年份", "生日", "出生地", "籍贯",
        "تۇغۇلغان ۋاقتى", "تۇغۇلغان چېسلا", "تۇغۇلغان يىلى", "تۇغۇلغان كۈنى", "تۇغۇلغان يېرى",
        "дата рождения", "день рождения", "год рождения", "место рождения", "date de naissance",
        "lieu de naissance", "geburtsdatum", "geburtsort", "geburtstag", "fecha de nacimiento",
        "lugar de nacimiento",
    ]),
    (Trait::Sex, &[
        "sex", "gender", "xingbie", "xing bie", "jinsi", "性别", "جىنسى", "جىنس", "пол", "гендер", "sexe", "genre", "geschlecht", "sexo",
        "género",
    ]),
    (Trait::Ethnicity, &[
        "ethnicity", "ethnic group", "ethnic", "ethnic origin", "ethnic background", "race", "minority",
        "nationality of person", "nationality", "minzu", "min zu", "millet", "milliti", "milleti", "民族", "民族成分", "族别", "族裔", "少数民族", "种族", "مىللىتى", "مىللەت",
        "مىللەت تەۋەلىكى", "национальность", "этническая принадлежность", "этнос", "этничность", "раса",
        "ethnie", "origine ethnique", "ethnische zugehörigkeit", "ethnische herkunft", "volksgruppe",
        "etnia", "origen étnico", "grupo étnico",
    ]),
    (Trait::Religion, &[
        "religion", "religious belief", "religious affiliation", "faith", "belief", "creed", "zongjiao", "zongjiao xinyang", "dini etiqad", "dini etiqadi", "diniy etiqad",
        "diniy etiqadi", "宗教", "宗教信仰",
        "信仰", "دىنى", "دىن", "دىنىي ئېتىقادى", "ئېتىقادى", "ئېتىقاد", "религия", "вероисповедание", "вера",
        "религиозная принадлежность", "foi", "confession", "croyance", "glaube", "konfession",
        "religionszugehörigkeit", "religión", "fe", "creencia",
    ]),
    (Trait::Politics, &[
        "political view", "political views", "political opinion", "political affiliation",
        "political status", "party membership", "party member", "union membership", "政治面貌", "政治身份", "政治观点",
        "党员", "党派", "سىياسىي قاراش", "سىياسىي قىياپىتى", "سىياسىي سالاھىيىتى", "پارتىيە ئەزاسى",
        "политические взгляды", "партийность", "членство в партии", "opinion politique",
        "opinions politiques", "politische meinung", "parteizugehörigkeit", "opinión política",
        "afiliación política",
    ]),
    (Trait::Home, &[
        "home address", "residential address", "private address", "household", "household id",
        "household register", "household registration", "hukou", "family members", "family member",
        "marital status", "spouse", "children", "relatives", "住址", "家庭住址", "现住址", "家庭地址", "户籍地址", "户口",
        "户口所在地", "户籍", "户主", "户号", "家庭成员", "婚姻状况", "配偶", "ئادرېس", "ئادرېسى", "ئائىلە ئادرېسى",
        "ئۆي ئادرېسى", "نوپۇس", "نوپۇسى", "ئائىلە ئەزالىرى", "ئائىلە", "домашний адрес",
        "адрес проживания", "место жительства", "прописка", "домохозяйство", "состав семьи",
        "семейное положение", "adresse personnelle", "adresse du domicile", "ménage",
        "situation familiale", "wohnadresse", "privatadresse", "haushalt", "familienstand", "domicilio",
        "hogar", "dirección particular", "estado civil",
    ]),
    (Trait::Body, &[
        "photograph", "photo", "portrait", "face image", "biometric", "biometrics", "biometric data",
        "fingerprint", "fingerprints", "iris", "iris scan", "dna", "blood type", "voiceprint",
        "health status", "disability", "照片", "相片", "头像", "人脸", "生物识别", "生物特征", "指纹", "虹膜", "血型", "声纹",
        "健康状况", "سۈرەت", "سۈرىتى", "رەسىمى", "بارماق ئىزى", "بىئولوگىيەلىك ئالاھىدىلىكى", "قان تىپى",
        "фото", "фотография", "биометрия", "биометрические данные", "отпечатки пальцев", "группа крови",
        "днк", "photographie", "empreintes digitales", "biométrie", "lichtbild", "fingerabdruck",
        "biometrie", "fotografía", "foto", "huella dactilar", "huellas dactilares", "biometría",
    ]),
];

/// Words that may stand beside a refused heading without making it another one.
#[rustfmt::skip]
pub(super) const COMPANIONS: &[&str] = &[
    "no", "nr", "num", "number", "text", "raw", "original", "value", "the", "of", "a", "zh", "cn",
    "chinese", "en", "english", "ug", "uyghur", "ru", "russian", "local", "latin", "pinyin",
];

/// Words for a person: beside any refused heading, names included, they make it a person's in every table.
#[rustfmt::skip]
pub(super) const PERSONS: &[&str] = &[
    "person", "persons", "people", "individual", "worker", "workers", "employee", "employees", "labourer",
    "laborer", "trainee", "trainees", "student", "students", "pupil", "pupils", "patient", "patients",
    "resident", "residents", "teacher", "doctor", "beneficiary", "beneficiaries", "detainee", "migrant",
    "respondent", "interviewee", "father", "mother", "parent", "child", "wife", "husband", "spouse",
    "contact", "victim", "witness",
];

/// Words whose presence in a Chinese heading is enough, because headings there are written without spaces.
#[rustfmt::skip]
pub(super) const INSIDE: &[(Trait, &str)] = &[
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
