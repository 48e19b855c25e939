//! Words of the ILO's own descriptions of its eleven indicators, and where a statement speaks in them.
//!
//! The words are those of the booklet *ILO Indicators of Forced Labour* (International Labour Office, Special Action
//! Programme to Combat Forced Labour, Geneva 2012) and the ordinary forms of them. Words that stand for forced labour
//! as a whole (force, coercion, forced labour) name no indicator and are left out on purpose. A match is a reason to
//! read a statement, in English; it says nothing about whether the statement is true.

use counterpart_model::people::IloIndicator;

/// An indicator with its words and phrases, lower case.
pub type Entry = (IloIndicator, &'static [&'static str]);

/// The lexicon, in the ILO's order.
pub const LEXICON: &[Entry] = &[
    (
        IloIndicator::AbuseOfVulnerability,
        &[
            "vulnerability",
            "vulnerable position",
            "vulnerable situation",
            "multiple dependency",
            "dependent on the employer",
            "do not speak the local language",
            "lack of knowledge of the local language",
            "few livelihood options",
        ],
    ),
    (
        IloIndicator::Deception,
        &[
            "deceived",
            "deception",
            "deceive",
            "false promise",
            "false promises",
            "falsely promised",
            "misled about",
            "lied to about",
            "promised conditions were not delivered",
        ],
    ),
    (
        IloIndicator::RestrictionOfMovement,
        &[
            "locked up",
            "locked in",
            "guarded",
            "guards",
            "surveillance",
            "surveillance cameras",
            "not free to leave",
            "not allowed to leave",
            "may not leave",
            "cannot leave",
            "confined",
            "restriction of movement",
            "movement is restricted",
            "movements are restricted",
            "accompanied when they leave",
        ],
    ),
    (
        IloIndicator::Isolation,
        &[
            "isolated",
            "isolation",
            "remote location",
            "remote locations",
            "cut off from",
            "denied contact",
            "contact with the outside world",
            "mobile phones confiscated",
            "phones are confiscated",
            "phones are taken away",
        ],
    ),
    (
        IloIndicator::PhysicalAndSexualViolence,
        &[
            "physical violence",
            "sexual violence",
            "violence",
            "beaten",
            "beatings",
            "abducted",
            "abduction",
            "kidnapped",
            "kidnapping",
            "forced to take drugs",
        ],
    ),
    (
        IloIndicator::IntimidationAndThreats,
        &[
            "intimidation",
            "intimidated",
            "threat",
            "threats",
            "threatened",
            "threaten",
            "denunciation to the authorities",
            "psychological coercion",
            "insulted",
        ],
    ),
    (
        IloIndicator::RetentionOfIdentityDocuments,
        &[
            "identity documents",
            "identity papers",
            "identity cards",
            "passports are kept",
            "passports are held",
            "passports taken",
            "documents are retained",
            "documents are confiscated",
            "confiscated documents",
        ],
    ),
    (
        IloIndicator::WithholdingOfWages,
        &[
            "wages withheld",
            "wages are withheld",
            "withholding of wages",
            "withheld wages",
            "withholds wages",
            "unpaid wages",
            "wages are not paid",
            "pay is withheld",
        ],
    ),
    (
        IloIndicator::DebtBondage,
        &[
            "debt bondage",
            "bonded labour",
            "pay off a debt",
            "pay off an advance",
            "work off a debt",
            "recruitment debt",
            "inherited debt",
            "wage advance",
            "wage advances",
            "in debt to",
        ],
    ),
    (
        IloIndicator::AbusiveConditions,
        &[
            "degrading",
            "humiliating",
            "hazardous",
            "dangerous work",
            "without protective gear",
            "without protective equipment",
            "overcrowded",
            "unhealthy conditions",
            "without privacy",
            "no privacy",
        ],
    ),
    (
        IloIndicator::ExcessiveOvertime,
        &[
            "excessive overtime",
            "excessive hours",
            "overtime",
            "denied breaks",
            "denied days off",
            "no days off",
            "without days off",
            "on call 24 hours",
        ],
    ),
];

/// Words that turn what follows them round.
const NEGATIONS: [&str; 9] = [
    "no", "not", "never", "without", "neither", "nor", "none", "nobody", "free",
];

/// How many words before a match a negation may stand.
const REACH: usize = 3;

/// Returns the indicators whose words a text has, with the longest words that matched, in the ILO's order.
///
/// A match with a negation among the three words before it does not count ("no threats", "free from violence"),
/// unless the negation is part of the phrase itself.
#[must_use]
pub fn matches(text: &str) -> Vec<(IloIndicator, Vec<&'static str>)> {
    let tokens = words(text);
    LEXICON
        .iter()
        .filter_map(|(indicator, phrases)| {
            let found: Vec<&'static str> = phrases
                .iter()
                .copied()
                .filter(|phrase| stands_in(phrase, &tokens))
                .collect();
            // "threats" inside "threats of …" is the same place in the text.
            let longest: Vec<&'static str> = found
                .iter()
                .copied()
                .filter(|phrase| {
                    !found
                        .iter()
                        .any(|other| other != phrase && is_inside(&words(phrase), &words(other)))
                })
                .collect();
            (!longest.is_empty()).then_some((*indicator, longest))
        })
        .collect()
}

fn words(text: &str) -> Vec<String> {
    text.split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_lowercase)
        .collect()
}

fn is_inside(inner: &[String], outer: &[String]) -> bool {
    !inner.is_empty() && outer.windows(inner.len()).any(|part| part == inner)
}

fn stands_in(phrase: &str, tokens: &[String]) -> bool {
    let phrase = words(phrase);
    !phrase.is_empty()
        && tokens.windows(phrase.len()).enumerate().any(|(at, part)| {
            let before = tokens.get(at.saturating_sub(REACH)..at).unwrap_or_default();
            part == phrase.as_slice() && !before.iter().any(|word| NEGATIONS.contains(&word.as_str()))
        })
}

#[cfg(test)]
mod tests {
    use counterpart_model::people::IloIndicator;

    use super::{LEXICON, matches};

    #[test]
    fn every_indicator_has_words_and_no_word_has_two_indicators() {
        assert_eq!(LEXICON.len(), IloIndicator::WORDS.len());
        for (indicator, words) in LEXICON {
            for word in *words {
                assert_eq!(*word, word.to_lowercase());
                let found = matches(word);
                assert!(
                    found.iter().all(|(other, _)| other == indicator),
                    "{word}: {found:?}"
                );
            }
        }
    }

    #[test]
    fn the_longest_words_are_named_and_negations_are_heard() {
        assert_eq!(
            matches("They are watched by guards and surveillance cameras"),
            [(
                IloIndicator::RestrictionOfMovement,
                vec!["guards", "surveillance cameras"]
            )]
        );
        assert_eq!(
            matches("Wages are withheld"),
            [(IloIndicator::WithholdingOfWages, vec!["wages are withheld"])]
        );
        for quiet in [
            "There were no threats",
            "Work is free from violence",
            "Neither guards nor surveillance cameras are used",
            "Work is done by force or coercion",
            "Canteens and dormitories are provided",
            "",
        ] {
            assert_eq!(matches(quiet), [], "{quiet}");
        }
        assert_eq!(
            matches("Workers are not allowed to leave")[0].1,
            ["not allowed to leave"]
        );
    }
}
