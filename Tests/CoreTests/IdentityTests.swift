import OrchCore
import OrchTestSupport
import Testing

@Suite("Identities of traces")
struct TraceIDTests {
    @Test("Are UUIDs of version 7 and the RFC's variant, with the moment in front")
    func shape() {
        let low = TraceID(at: Timestamp(microseconds: 0x0123_4567_89AB * 1000), random: (0, 0))
        #expect(low.description == "01234567-89ab-7000-8000-000000000000")
        let high = TraceID(at: Timestamp(microseconds: 0x0123_4567_89AB * 1000 + 999), random: (.max, .max))
        #expect(high.description == "01234567-89ab-7fff-bfff-ffffffffffff")
        // RFC 9562, appendix A.6.
        let sample = TraceID(
            at: Timestamp(microseconds: 0x017F_22E2_79B0 * 1000), random: (0xCC3, 0x18C4_DC0C_0C07_398F))
        #expect(sample.description == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
    }

    @Test("Sort by the millisecond in which they were made")
    func order() {
        var generator = SeededGenerator(seed: 3)
        var last = ""
        for millisecond in stride(from: Int64(0), to: 5_000_000_000_000, by: 7_777_777_777) {
            let random = (generator.next(), generator.next())
            let id = TraceID(at: Timestamp(microseconds: millisecond * 1000), random: random).description
            #expect(id > last)
            last = id
        }
    }

    @Test("Are all different, and read back")
    func unique() {
        let moment = Timestamp(microseconds: 1_700_000_000_000_000)
        let ids = (0..<10_000).map { _ in TraceID.generate(at: moment) }
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { TraceID($0.description) == $0 })
        #expect(TraceID(at: Timestamp(microseconds: -5), random: (0, 0)).description.hasPrefix("00000000-0000-7"))
    }

    static let refused = [
        "", "01234567-89ab-7000-8000-00000000000", "01234567-89ab-7000-8000-0000000000000",
        "01234567-89AB-7000-8000-000000000000",
        "0123456789ab-7000-8000-0000000000000", "01234567_89ab-7000-8000-000000000000",
        "g1234567-89ab-7000-8000-000000000000",
        "01234567-89ab-7000-8000-00000000000\u{0}", "{1234567-89ab-7000-8000-000000000000",
        "01234567-89ab-7000-8000-0000000000é",
    ]

    @Test("Are read from lower-case UUIDs alone", arguments: refused)
    func refuses(_ text: String) {
        #expect(TraceID(text) == nil)
    }
}

@Suite("Base 16")
struct HexadecimalTests {
    @Test("Writes two lower-case digits a byte")
    func encode() {
        #expect(Hexadecimal.encode([]) == "")
        #expect(Hexadecimal.encode([0x00, 0x0F, 0xF0, 0xAB, 0xFF]) == "000ff0abff")
    }

    @Test("Reads every digit in either case, and nothing else", arguments: UInt8.min...UInt8.max)
    func digits(_ byte: UInt8) {
        let expected = byte < 0x80 ? Character(Unicode.Scalar(byte)).hexDigitValue.map(UInt8.init) : nil
        #expect(Hexadecimal.value(byte) == expected)
        if byte < 16 { #expect(Hexadecimal.value(Hexadecimal.digit(byte)) == byte) }
    }
}

@Suite("Redacted values")
struct RedactedTests {
    struct Holder {
        let name = "visible"
        let key = Redacted("canary")
        let maybe: Redacted<[String]>? = Redacted(["canary"])
    }

    @Test("Never show themselves, however they are printed")
    func prints() {
        let secret = Redacted("canary")
        var dumped = ""
        dump(secret, to: &dumped)
        dump(Holder(), to: &dumped)
        dump([secret], to: &dumped)
        var printed = ""
        print(secret, Holder(), [secret], ["k": secret], Optional(secret) as Any, (secret, 1), to: &printed)
        debugPrint(secret, Holder(), [secret], Optional(secret) as Any, to: &printed)
        let texts = [
            "\(secret)", String(describing: secret), String(reflecting: secret), secret.description,
            secret.debugDescription,
            String(describing: Holder()), String(reflecting: Holder()),
            "\(Mirror(reflecting: secret).children.map(\.value))",
            "\(Result<Redacted<String>, Never>.success(secret))", dumped, printed,
        ]
        for text in texts { #expect(!text.contains("canary"), "\(text)") }
        #expect("\(secret)" == "[redacted]")
        #expect(dumped.contains("visible"))
    }

    @Test("Give the value to who asks for it by name, and compare by it")
    func exposes() {
        #expect(Redacted("x").exposed == "x")
        #expect(Redacted("x") == Redacted("x") && Redacted("x") != Redacted("y"))
        #expect(Set([Redacted("x"), Redacted("x")]).count == 1)
    }
}
