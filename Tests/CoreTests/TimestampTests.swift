import OrchCore
import OrchTestSupport
import Testing

@Suite("Moments")
struct TimestampTests {
    static let known: [(Int64, String)] = [
        (0, "1970-01-01T00:00:00.000000Z"), (1, "1970-01-01T00:00:00.000001Z"), (-1, "1969-12-31T23:59:59.999999Z"),
        (-1_000_000, "1969-12-31T23:59:59.000000Z"), (-86_400_000_000, "1969-12-31T00:00:00.000000Z"),
        (-1_500_000, "1969-12-31T23:59:58.500000Z"), (951_782_400_000_000, "2000-02-29T00:00:00.000000Z"),
        (951_868_799_999_999, "2000-02-29T23:59:59.999999Z"), (951_868_800_000_000, "2000-03-01T00:00:00.000000Z"),
        (1_709_164_800_000_000, "2024-02-29T00:00:00.000000Z"), (1_740_787_200_000_000, "2025-03-01T00:00:00.000000Z"),
        (4_107_542_400_000_000, "2100-03-01T00:00:00.000000Z"), (-2_203_891_200_000_000, "1900-03-01T00:00:00.000000Z"),
        (-62_135_596_800_000_000, "0001-01-01T00:00:00.000000Z"),
        (-11_676_096_000_000_000, "1600-01-01T00:00:00.000000Z"),
        (253_402_300_799_999_999, "9999-12-31T23:59:59.999999Z"),
        (1_234_567_890_123_456, "2009-02-13T23:31:30.123456Z"),
    ]

    @Test("Are written as RFC 3339 with microseconds, and read back", arguments: known)
    func reads(_ microseconds: Int64, _ text: String) {
        #expect(Timestamp(microseconds: microseconds).description == text)
        #expect(Timestamp(text)?.microseconds == microseconds)
    }

    static let refused = [
        "", "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000", "1970-01-01 00:00:00.000000Z",
        "1970-01-01T00:00:00.000000z",
        "1970-01-01T00:00:00.000000+", "1970-00-01T00:00:00.000000Z", "1970-13-01T00:00:00.000000Z",
        "1970-01-00T00:00:00.000000Z", "1970-01-32T00:00:00.000000Z", "1970-02-29T00:00:00.000000Z",
        "1900-02-29T00:00:00.000000Z", "2023-04-31T00:00:00.000000Z", "1970-01-01T24:00:00.000000Z",
        "1970-01-01T00:60:00.000000Z", "1970-01-01T00:00:60.000000Z", "1970-01-01T00:00:00.00000aZ",
        "1970/01/01T00:00:00.000000Z", "1970-01-01T00.00:00.000000Z", "-970-01-01T00:00:00.000000Z",
        "1970-01-01T00:00:00.0000000Z", " 970-01-01T00:00:00.000000Z", "1970-01-01T00:00:00,000000Z",
    ]

    @Test("Are read in the one form alone", arguments: refused)
    func refuses(_ text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test("Every day of 400 years comes once, in order")
    func days() throws {
        var last = ""
        for day in -146_097..<146_097 {
            let moment = Timestamp(microseconds: Int64(day) * 86_400_000_000)
            let text = moment.description
            guard text > last, text.hasSuffix("T00:00:00.000000Z"), Timestamp(text) == moment else {
                Issue.record("\(text) behind \(last)")
                return
            }
            last = text
        }
        #expect(last.hasPrefix("2369-12-31"))
    }

    @Test("Sort as texts as they do in time")
    func order() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<2000 {
            let one = Timestamp(
                microseconds: .random(in: -62_135_596_800_000_000...253_402_300_799_999_999, using: &generator))
            let other = Timestamp(
                microseconds: .random(in: -62_135_596_800_000_000...253_402_300_799_999_999, using: &generator))
            #expect((one < other) == (one.description < other.description))
            #expect(Timestamp(one.description) == one)
        }
    }

    @Test("Move by durations, and count whole seconds towards the past")
    func arithmetic() {
        let moment = Timestamp(microseconds: 1_500_000)
        #expect(moment.advanced(by: .milliseconds(-2000)).microseconds == -500_000)
        #expect(moment.advanced(by: .microseconds(7)).microseconds == 1_500_007)
        #expect(moment.seconds == 1)
        #expect(Timestamp(microseconds: -1).seconds == -1)
        #expect(Timestamp(microseconds: -1_000_000).seconds == -1)
        #expect(Timestamp(microseconds: -1_000_001).seconds == -2)
    }
}
