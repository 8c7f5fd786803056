import OrchCore
import Testing

@testable import OrchModelClients

@Suite("Base 64")
struct Base64Tests {
    @Test(
        "writes RFC 4648's examples, and knows them",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"), ("\u{FF}\u{FE}>?", "w7/Dvj4/"),
        ])
    func writes(plain: String, encoded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == encoded)
        #expect(Base64.isValid(encoded.utf8))
    }

    @Test(
        "takes nothing that a strict reader would not",
        arguments: [
            "Zg", "Zg=", "Zg===", "Zh==", "Zm9=", "Z===", "====", "=", "Zm9v\n", "Zm 9", "Zm-_", "Zg==Zg==", "Zg=a",
        ])
    func refuses(text: String) {
        #expect(!Base64.isValid(text.utf8))
    }
}

@Suite("Times of RFC 3339")
struct RFC3339Tests {
    @Test(
        "are read to the second",
        arguments: [
            ("1970-01-01T00:00:00Z", 0), ("2025-11-02T10:20:30.123456789Z", 1_762_078_830),
            ("2025-11-02T02:20:30-08:00", 1_762_078_830), ("2025-11-02t15:50:30.1+05:30", 1_762_078_830),
            ("2024-02-29T23:59:59Z", 1_709_251_199), ("0001-01-01T00:00:00Z", -62_135_596_800),
            ("1969-12-31T23:59:59Z", -1), ("2000-03-01T00:00:00Z", 951_868_800),
        ])
    func reads(text: String, seconds: Int) {
        #expect(RFC3339.seconds(text) == seconds)
    }

    @Test(
        "are nothing else",
        arguments: [
            "", "2025-11-02", "2025-11-02T10:20:30", "2025-13-02T10:20:30Z", "2025-11-02T24:20:30Z",
            "2025-11-02T10:20:30.Z",
            "2025-11-02T10:20:30+0100", "2025-11-02T10:20:30Zx", "2O25-11-02T10:20:30Z", "2025-11-02 10:20:30Z",
        ])
    func refuses(text: String) {
        #expect(RFC3339.seconds(text) == nil)
    }
}
