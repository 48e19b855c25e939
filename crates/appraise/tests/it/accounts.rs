//! Accounts list what is on record about one party, and nothing of another.

use counterpart_appraise::assessment::AccountSide;

use crate::cases::{appraise, folder};

#[test]
fn an_account_holds_just_what_names_its_party() {
    let mut case = folder("xinjiang");
    case.case.studies.clear();
    case.case.lens_studies.clear();
    let assessment = appraise(case.case, case.tables);
    assert!(!assessment.accounts.is_empty());
    let mut listed = 0;
    for account in &assessment.accounts {
        let gives = account.side == AccountSide::Provider;
        for id in &account.pairings {
            let row = assessment
                .pairings
                .iter()
                .find(|row| row.id == *id)
                .expect("a pairing");
            assert_eq!(if gives { &row.provider } else { &row.recipient }, &account.party);
        }
        for money in &account.money {
            for id in &money.transactions {
                let row = assessment
                    .transactions
                    .iter()
                    .find(|row| row.id == *id)
                    .expect("a statement");
                assert_eq!(if gives { &row.provider } else { &row.receiver }, &account.party);
                assert_eq!(row.flow, money.flow);
                listed += usize::from(gives);
            }
            for id in &money.totals {
                assert!(
                    assessment
                        .totals
                        .iter()
                        .any(|row| row.id == *id && row.flow == money.flow)
                );
            }
        }
        for id in &account.duties {
            assert!(
                assessment
                    .duties
                    .iter()
                    .any(|row| row.id == *id && row.provider == account.party)
            );
        }
    }
    assert_eq!(
        listed,
        assessment.transactions.len(),
        "each statement is in its giver's account"
    );
}
