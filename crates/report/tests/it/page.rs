//! The page: addresses, text that stays text, nothing loaded.

use std::collections::BTreeSet;

use counterpart_report::{document, html};

use crate::fixture::{self, CANARY};

fn page() -> String {
    html::page(&document::of(&fixture::published()))
}

/// Returns every value of an attribute, as written.
fn attributes(page: &str, name: &str) -> Vec<String> {
    let mark = format!(" {name}=\"");
    page.split(&mark)
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(str::to_owned)
        .collect()
}

#[test]
fn ids_are_unique_and_every_link_inside_the_page_leads_somewhere() {
    let page = page();
    let ids = attributes(&page, "id");
    let unique: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(ids.len(), unique.len(), "an id is used twice");
    for href in attributes(&page, "href") {
        if let Some(target) = href.strip_prefix('#') {
            assert!(unique.contains(&target.to_owned()), "a link to nowhere: {href}");
        }
    }
    for id in [
        "answer", "gap", "pairings", "claims", "alleged", "effect", "settle", "methods", "sources", "K1",
        "PR1",
    ] {
        assert!(unique.contains(&id.to_owned()), "no #{id}");
    }
}

#[test]
fn every_figure_of_a_sentence_has_a_place_on_the_page() {
    assert_eq!(
        html::unresolved(&document::of(&fixture::published())),
        Vec::<String>::new()
    );
}

#[test]
fn an_object_that_is_shown_nowhere_is_printed_without_a_link() {
    let mut assessment = fixture::assessment();
    assessment.answer.sentence =
        counterpart_appraise::assessment::Sentence::of("It is ").figure("5", "nowhere");
    let published = assessment
        .publish(&counterpart_model::case::Disclosure {
            threshold: 10,
            cells: None,
        })
        .expect("serialises");
    let document = document::of(&published);
    assert_eq!(html::unresolved(&document), ["nowhere"]);
    assert!(html::page(&document).contains("<span class=\"num\">5</span>"));
}

#[test]
fn a_rounded_figure_leads_to_the_value_as_it_is_stored() {
    let page = page();
    // 0.8097 is printed with one decimal in the sentence and with two in its row.
    assert!(page.contains("<tr id=\"gap-2015-v1\" data-value=\"80.97%\">"));
    assert!(page.contains("id=\"K1\" data-value=\"just 76 per cent\""));
}

#[test]
fn text_is_never_markup() {
    let page = page();
    assert!(!page.contains("<script>alert"));
    assert!(!page.contains('\u{202E}'));
    assert!(
        page.contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;quotes&#39; \u{FFFD}txt")
    );
    assert_eq!(page.matches("<script>").count(), 1, "the page's own script");
    assert!(CANARY.contains('\u{202E}'));
}

#[test]
fn nothing_is_loaded_and_only_web_addresses_are_links() {
    let page = page();
    assert!(attributes(&page, "src").is_empty());
    assert!(!page.contains("@import") && !page.contains("url("));
    for href in attributes(&page, "href") {
        let known = href.starts_with('#')
            || href.starts_with("data/")
            || href == "data:,"
            || href.starts_with("https://");
        assert!(known, "{href}");
    }
    assert!(page.contains(
        "rel=\"noreferrer noopener external\" href=\"https://example.org/?a=1&amp;b=&quot;2&quot;\""
    ));
    assert!(
        page.contains("javascript:alert(1)</td>"),
        "an address that is none stays text"
    );
}

#[test]
fn headings_begin_with_one_h1_and_leave_no_level_out() {
    let page = page();
    let mut last = 0;
    let mut firsts = 0;
    for part in page.split("<h").skip(1) {
        let Some(level) = part.chars().next().and_then(|c| c.to_digit(10)) else {
            continue;
        };
        assert!(level <= last + 1, "h{level} after h{last}");
        firsts += u32::from(level == 1);
        last = level;
    }
    assert_eq!(firsts, 1);
}

#[test]
fn charts_state_their_finding_and_have_two_cuts() {
    let page = page();
    let drawings = page
        .matches("<svg class=\"w\" role=\"img\" aria-label=\"")
        .count();
    assert_eq!(
        drawings,
        page.matches("<svg class=\"n\" role=\"img\" aria-label=\"")
            .count()
    );
    assert_eq!(
        drawings, 6,
        "dots, gap, figures against vintages, map, event study, curve"
    );
    assert!(!page.contains("NaN") && !page.contains("inf\""));
}

#[test]
fn an_allegation_without_a_reply_says_so_in_the_words_of_an_answer() {
    let page = page();
    assert!(page.contains("<p class=\"said\">No reply on record.</p>"));
    assert!(page.contains("<p class=\"said\">The other ministry denies that this is so.</p>"));
}

#[test]
fn a_case_without_rows_still_makes_a_page() {
    let published = fixture::empty()
        .publish(&counterpart_model::case::Disclosure {
            threshold: 10,
            cells: None,
        })
        .expect("serialises");
    let page = html::page(&document::of(&published));
    assert!(page.contains("<section id=\"answer\">") && page.contains("<section id=\"methods\">"));
    assert!(!page.contains("<section id=\"gap\">"));
}

#[test]
fn colours_of_text_have_contrast_on_every_ground() {
    let style = include_str!("../../src/html/page.css");
    let blocks: Vec<&str> = style
        .split("{ --dark:")
        .skip(1)
        .filter_map(|block| block.split('}').next())
        .collect();
    assert_eq!(blocks.len(), 3);
    for block in blocks {
        let colour = |name: &str| -> [f64; 3] {
            let rest = block
                .split(&format!("--{name}: #"))
                .nth(1)
                .unwrap_or_else(|| panic!("no --{name}"));
            [0, 2, 4].map(|at| {
                let value = u8::from_str_radix(&rest[at..at + 2], 16).expect("a colour");
                let share = f64::from(value) / 255.0;
                if share <= 0.040_45 {
                    share / 12.92
                } else {
                    ((share + 0.055) / 1.055).powf(2.4)
                }
            })
        };
        let luminance = |name: &str| {
            let [r, g, b] = colour(name);
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        for ground in ["paper", "card", "band"] {
            for text in [
                "ink",
                "mute",
                "link",
                "helped",
                "harmed",
                "cannot",
                "noeffect",
                "said",
                "first-text",
                "mid-text",
                "new",
            ] {
                let (a, b) = (luminance(ground), luminance(text));
                let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
                assert!(contrast >= 4.5, "{text} on {ground}: {contrast:.2}");
            }
        }
    }
}
