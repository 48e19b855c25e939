//! Money: who gave what to whom, as said by whom.

use rust_decimal::Decimal;

use crate::quantity::{Figure, Qualifier};
use crate::{Date, Id};

words! {
    /// Kinds of money. Never summed with each other.
    pub enum Flow {
        /// Money of the pairing itself.
        PairingFund = "pairing_fund",
        /// Transfer of the central budget.
        CentralTransfer = "central_transfer",
        /// Investment of enterprises.
        EnterpriseInvestment = "enterprise_investment",
        /// Gift.
        Donation = "donation",
        /// Purchases of the recipient's products.
        Consumption = "consumption",
        /// Subsidy.
        Subsidy = "subsidy",
        /// Goods and services.
        InKind = "in_kind",
    }
}

words! {
    /// IATI transaction types, and the rungs around them.
    pub enum TransactionType {
        /// A firm promise.
        Commitment = "commitment",
        /// Money paid out to the receiver.
        Disbursement = "disbursement",
        /// Money spent on goods and services.
        Expenditure = "expenditure",
        /// A plan.
        Plan = "plan",
        /// An agreement.
        Agreement = "agreement",
        /// Money that arrived.
        Arrival = "arrival",
        /// IATI: incoming funds.
        IncomingFunds = "incoming_funds",
        /// IATI: incoming commitment.
        IncomingCommitment = "incoming_commitment",
        /// IATI: outgoing commitment.
        OutgoingCommitment = "outgoing_commitment",
        /// IATI: interest payment.
        InterestPayment = "interest_payment",
        /// IATI: loan repayment.
        LoanRepayment = "loan_repayment",
        /// IATI: reimbursement.
        Reimbursement = "reimbursement",
        /// IATI: purchase of equity.
        PurchaseOfEquity = "purchase_of_equity",
        /// IATI: sale of equity.
        SaleOfEquity = "sale_of_equity",
        /// IATI: credit guarantee.
        CreditGuarantee = "credit_guarantee",
    }
}

words! {
    /// What span a sum of money covers.
    pub enum TransactionBasis {
        /// One year.
        Annual = "annual",
        /// Several years together.
        Cumulative = "cumulative",
        /// Part of a year.
        PartialYear = "partial_year",
    }
}

typed_row! {
    /// A statement about money.
    pub struct Transaction in Transactions {
        /// Key.
        id: Id = "transaction_id",
        /// The programme.
        programme_id: Option<Id> = "programme_id",
        /// Kind of money.
        flow: Flow = "flow",
        /// Rung.
        transaction_type: TransactionType = "type",
        /// Span.
        basis: TransactionBasis = "basis",
        /// Who gives.
        provider_id: Id = "provider_id",
        /// Who receives.
        receiver_id: Id = "receiver_id",
        /// Activity it pays for.
        activity_id: Option<Id> = "activity_id",
        /// Value.
        value: Option<Decimal> = "value",
        /// Lower bound.
        lower: Option<Decimal> = "lower",
        /// Upper bound.
        upper: Option<Decimal> = "upper",
        /// How exact.
        qualifier: Option<Qualifier> = "qualifier",
        /// Currency.
        currency: String = "currency",
        /// At the scale published.
        as_said: Option<String> = "as_said",
        /// First date.
        period_start: Option<Date> = "period_start",
        /// Last date.
        period_end: Option<Date> = "period_end",
        /// The sum it is part of.
        part_of: Option<Id> = "part_of",
        /// The statement it repeats.
        copy_of: Option<Id> = "copy_of",
        /// Who says it.
        speaker_id: Id = "speaker_id",
        /// Source.
        source_id: Id = "source_id",
        /// Locator.
        locator: Option<String> = "locator",
    }
}

impl Transaction {
    /// Returns the value or bounds, where any was said.
    #[must_use]
    pub fn figure(&self) -> Option<Figure> {
        Figure::of(self.value, self.lower, self.upper)
    }
}
