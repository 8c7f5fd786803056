import Testing

@testable import OrchPrivacy

struct ScalarCounterTests {
    @Test(arguments: ["", "plain", "é👩‍💻 a\u{301}\r\n😀", "日本語 text"])
    func piecesAreCountedAsTheWhole(text: String) {
        let bytes = Array(text.utf8)
        let whole = Array(bytes.indices) + [bytes.count]
        for size in 1...4 {
            var counter = ScalarCounter()
            var taken = 0
            for place in whole {
                while taken < place {
                    let piece = Array(bytes[taken...].prefix(size))
                    piece.withUnsafeBytes { counter.append($0) }
                    taken += piece.count
                }
                let expected = bytes[..<place].count { $0 & 0xC0 != 0x80 }
                #expect(counter.scalars(before: place) == expected)
                #expect(counter.scalars(before: place) == expected)
            }
            #expect(counter.scalars(before: bytes.count) == text.unicodeScalars.count)
        }
    }

    @Test func bytesThatAreNoUTF8CountOnce() {
        var counter = ScalarCounter()
        ([0xFF, 0x41, 0x80, 0x80, 0xE2] as [UInt8]).withUnsafeBytes { counter.append($0) }
        #expect(counter.scalars(before: 5) == 3)
    }
}
