//! Codes of currencies (ISO 4217), those that are no longer in use too: records reach back.

use crate::hint::did_you_mean;

const CURRENT: &str = "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD \
    CAD CDF CHE CHF CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ \
    GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL \
    MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB \
    RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD USN UYI UYU \
    UYW UZS VED VES VND VUV WST XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD XPF XPT XSU XTS XUA XXX YER ZAR ZMW ZWG";
const FORMER: &str = "ADP ALK AON ATS BEF BGL BRE BYR CSK CUC CYP DDM DEM ECS EEK ESP FIM FRF GHC GRD GWP HRK IEP ITL LTL LUF LVL \
    MGF MRO MTL MXP MZM NLG PLZ PTE ROL RUR SDD SIT SKK SLL SRG STD SUR TMM TPE TRL UAK VEF XEU YDD YUD YUM YUN ZAL ZMK ZRN ZRZ \
    ZWD ZWL";

fn codes() -> impl Iterator<Item = &'static str> {
    CURRENT
        .split_ascii_whitespace()
        .chain(FORMER.split_ascii_whitespace())
}

/// Whether `text` is a code of ISO 4217.
pub(crate) fn is_code(text: &str) -> bool {
    text.len() == 3 && codes().any(|code| code == text)
}

/// Returns the code with which a unit begins, such as `USD` of `USD PPP`.
pub(crate) fn of_unit(unit: &str) -> Option<&str> {
    let code = unit.get(..3)?;
    let ends = unit.get(3..)?.chars().next().is_none_or(|c| !c.is_alphanumeric());
    (ends && is_code(code)).then_some(code)
}

/// Returns which code may have been meant.
pub(crate) fn hint(text: &str) -> Option<String> {
    let meant = match text.to_lowercase().as_str() {
        "rmb" | "yuan" | "cnh" | "元" | "人民币" | "¥" => Some("CNY"),
        "$" | "us$" | "dollar" | "dollars" | "美元" => Some("USD"),
        "€" | "euro" | "euros" | "欧元" => Some("EUR"),
        "£" | "stg" => Some("GBP"),
        _ => None,
    };
    match meant {
        Some(code) => Some(format!("did you mean {code}?")),
        None => did_you_mean(text, codes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_of_money_begin_with_a_code() {
        assert_eq!(of_unit("USD PPP"), Some("USD"));
        assert_eq!(of_unit("CNY"), Some("CNY"));
        assert_eq!(of_unit("CNY/person"), Some("CNY"));
        assert_eq!(of_unit("ALL regions"), Some("ALL"));
        assert_eq!(of_unit("persons"), None);
        assert_eq!(of_unit("元"), None);
        assert_eq!(hint("RMB").as_deref(), Some("did you mean CNY?"));
    }
}
