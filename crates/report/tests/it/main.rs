//! What holds for every report, shown on a small made-up case.

mod document;
mod files;
mod fixture;
mod fixture_people;
mod page;
mod schema;
