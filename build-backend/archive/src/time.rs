//! The one time that an archive carries.

/// Seconds since 1970-01-01 UTC, within what zip can say: 1980-01-01 to 2107-12-31.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Timestamp(u64);

/// The text is not a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimestampProblem(pub String);

impl std::fmt::Display for TimestampProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "`{}` is not a number of seconds since 1970-01-01", self.0.escape_debug())
    }
}

impl std::error::Error for TimestampProblem {}

const EARLIEST: u64 = 315_532_800;
const LATEST: u64 = 4_354_819_198;

impl Default for Timestamp {
    fn default() -> Self {
        Self(EARLIEST)
    }
}

impl Timestamp {
    /// Clamped to what zip can say.
    #[must_use]
    pub fn from_seconds(seconds: u64) -> Self {
        Self(seconds.clamp(EARLIEST, LATEST))
    }

    /// From the value of `SOURCE_DATE_EPOCH`.
    ///
    /// # Errors
    /// If it is not a whole number of seconds.
    pub fn parse(text: &str) -> Result<Self, TimestampProblem> {
        text.trim().parse().map(Self::from_seconds).map_err(|_| TimestampProblem(text.to_owned()))
    }

    /// Seconds since 1970-01-01 UTC.
    #[must_use]
    pub fn seconds(self) -> u64 {
        self.0
    }

    /// Year, month, day, hour, minute, second in UTC.
    pub(crate) fn civil(self) -> (u16, u8, u8, u8, u8, u8) {
        let (days, rest) = (self.0 / 86_400, self.0 % 86_400);
        // Days from 0000-03-01, so that leap days end a year; an era is 400 years.
        let shifted = days + 719_468;
        let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
        let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted_month = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
        let month = if shifted_month < 10 { shifted_month + 3 } else { shifted_month - 9 };
        let year = era * 400 + year_of_era + u64::from(month <= 2);
        let narrow = |value: u64| u8::try_from(value).unwrap_or(u8::MAX);
        (
            u16::try_from(year).unwrap_or(u16::MAX),
            narrow(month),
            narrow(day),
            narrow(rest / 3600),
            narrow(rest / 60 % 60),
            narrow(rest % 60),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::Timestamp;

    #[test]
    fn civil_times() {
        for (seconds, civil) in [
            (0, (1980, 1, 1, 0, 0, 0)),
            (951_827_696, (2000, 2, 29, 12, 34, 56)),
            (1_709_164_799, (2024, 2, 28, 23, 59, 59)),
            (1_709_251_200, (2024, 3, 1, 0, 0, 0)),
            (u64::MAX, (2107, 12, 31, 23, 59, 58)),
        ] {
            assert_eq!(Timestamp::from_seconds(seconds).civil(), civil);
        }
    }

    #[test]
    fn only_whole_seconds_are_read() {
        assert_eq!(Timestamp::parse("1709251200\n").unwrap().seconds(), 1_709_251_200);
        for text in ["", "-1", "1.5", "now"] {
            assert!(Timestamp::parse(text).is_err(), "{text:?}");
        }
    }
}
