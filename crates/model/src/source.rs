//! Sources and speakers: which document, and who says it in there.

use crate::{Date, Id};

words! {
    /// What kind of publisher a source has.
    pub enum PublisherKind {
        /// A government or one of its organs.
        State = "state",
        /// A medium of the state.
        StateMedia = "state_media",
        /// Another country's government.
        ForeignGovernment = "foreign_government",
        /// An international organisation.
        InternationalOrganisation = "international_organisation",
        /// Researchers and their journals.
        Academic = "academic",
        /// Newspapers and magazines.
        Journalism = "journalism",
        /// A firm.
        Company = "company",
        /// A non-governmental organisation.
        Ngo = "ngo",
        /// People who live there.
        Residents = "residents",
        /// Nobody who is named.
        Unattributed = "unattributed",
        /// A statistical office.
        OfficialStatistics = "official_statistics",
        /// A page on the web without a known publisher.
        Web = "web",
        /// A generator of test data.
        Synthetic = "synthetic",
        /// No document at all.
        None = "none",
    }
}

words! {
    /// Whether the content of a source may be published again.
    pub enum MayRepublish {
        /// Its licence allows it.
        Yes = "yes",
        /// Rights are reserved.
        No = "no",
        /// No licence is stated.
        Unknown = "unknown",
    }
}

words! {
    /// What kind of office or organisation speaks.
    pub enum SpeakerKind {
        /// A government or one of its organs.
        State = "state",
        /// A medium of the state.
        StateMedia = "state_media",
        /// Another country's government.
        ForeignGovernment = "foreign_government",
        /// An international organisation.
        InternationalOrganisation = "international_organisation",
        /// Researchers.
        Academic = "academic",
        /// Journalists in their own name.
        Journalism = "journalism",
        /// A firm.
        Company = "company",
        /// A non-governmental organisation.
        Ngo = "ngo",
        /// People who live there, as a group.
        Residents = "residents",
        /// The text names nobody ("reportedly").
        Unattributed = "unattributed",
    }
}

typed_row! {
    /// A document or data set.
    pub struct Source in Sources {
        /// Key.
        id: Id = "source_id",
        /// Title.
        title: String = "title",
        /// Publisher.
        publisher: String = "publisher",
        /// Kind of publisher.
        publisher_kind: PublisherKind = "publisher_kind",
        /// When it was published.
        published_on: Option<Date> = "published_on",
        /// When it was read.
        retrieved_on: Option<Date> = "retrieved_on",
        /// Where it can be found.
        address: Option<String> = "address",
        /// Digest of the document.
        sha256: Option<String> = "sha256",
        /// Licence as stated.
        licence: Option<String> = "licence",
        /// Whether it may be published again.
        may_republish: MayRepublish = "may_republish",
        /// The source it repeats.
        copy_of: Option<Id> = "copy_of",
        /// Remark.
        note: Option<String> = "note",
    }
}

typed_row! {
    /// An office or organisation that says something.
    pub struct Speaker in Speakers {
        /// Key.
        id: Id = "speaker_id",
        /// Name.
        name: String = "name",
        /// Name in Chinese.
        name_zh: Option<String> = "name_zh",
        /// Kind of speaker.
        kind: SpeakerKind = "kind",
        /// The larger office.
        part_of: Option<Id> = "part_of",
        /// Source.
        source_id: Id = "source_id",
        /// Locator.
        locator: Option<String> = "locator",
    }
}
