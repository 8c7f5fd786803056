import Testing

@testable import OrchPrivacy

struct CatalogueTests {
    @Test func everyShapeCanBeReadAndHasSomethingToLookFor() {
        for rule in TokenRules.all {
            for shape in rule.shapes {
                #expect(shape.isUsable, "\(rule.id)")
                #expect(shape.anchor.literal.count >= 2, "\(rule.id)")
                #expect(shape.anchor.offset < 64, "\(rule.id)")
            }
        }
        for rule in VendorRules.all { #expect(rule.shapes.allSatisfy { $0.isUsable }, "\(rule.id)") }
    }

    /// A class with an open count takes all that it can: what follows must not be among its bytes.
    @Test func noClassTakesWhatTheNextPartNeeds() {
        for shape in TokenRules.all.flatMap(\.shapes) + VendorRules.all.flatMap(\.shapes) {
            for (part, next) in zip(shape.parts, shape.parts.dropFirst()) where part.minimum != part.maximum {
                #expect(next.minimum == 0 || !part.set.intersects(next.set))
            }
        }
    }

    @Test func literalsAreShortEnoughToBeHeldBack() {
        #expect(Catalogue.standard.longestLiteral < 64)
        #expect(Catalogue.standard.literals.allSatisfy { $0.count >= 2 && $0.allSatisfy { $0 < 0x80 } })
    }

    @Test func idsAreLowerCaseWordsWithDashes() {
        for detector in Catalogue.standard.detectors {
            #expect(detector.id.utf8.allSatisfy { Byte.isLower($0) || Byte.isDigit($0) || $0 == UInt8(ascii: "-") })
        }
    }

    @Test func aShapeIsReadAsItIsWritten() {
        let shape = Shape("a[b-d\\d]{2,3}\\.\\h?", ignoringCase: true)
        #expect(shape.parts.count == 4)
        #expect(shape.parts[1].minimum == 2 && shape.parts[1].maximum == 3)
        #expect(shape.parts[0].set.contains(UInt8(ascii: "A")))
        #expect(shape.parts[1].set.contains(UInt8(ascii: "7")) && shape.parts[1].set.contains(UInt8(ascii: "C")))
        #expect(!shape.parts[2].set.contains(UInt8(ascii: "x")))
        #expect(shape.parts[3].minimum == 0)
    }

    @Test(
        arguments: [
            ("a", UInt8(ascii: "a")), ("aA", UInt8(ascii: "a")), ("Z", UInt8(ascii: "z")), ("-", UInt8(ascii: "-")),
            ("\u{7f}", 0x7F), ("ab", nil), ("aAb", nil), ("Ab", nil), ("@`", nil), ("é", nil), ("", nil),
        ] as [(StaticString, UInt8?)])
    func aLetterIsOneInBothOfItsCases(letters: StaticString, letter: UInt8?) {
        #expect(ByteSet(letters).singleLetter == letter)
    }

    @Test(arguments: ["[a", "a{2", "a{3,2}", "[z-a]"]) func whatIsNoShapeMatchesNothing(source: String) {
        #expect(!Shape(source).isUsable)
    }
}
