import Foundation
import Testing

@testable import OrchTools

/// The deepest expressions that are let through, on the small stack that threads other than the first have.
@Suite struct CalculatorStackTests {
    #if DEBUG
    /// Half of it is used: a debug build keeps every temporary value of a function apart.
    private static let stackBytes = 1 << 20
    #else
    /// Half of what macOS gives to a thread; two fifths of it are used.
    private static let stackBytes = 256 << 10
    #endif

    /// Each level of nesting holds a sum, a product, a power and a call inside each other.
    private static let deepest = [
        nested("max(1+2*", "1", ")**1", levels: 63), nested("max(1,1+2*", "1", ")", levels: 64),
        nested("(1+2*", "1", ")**1", levels: 63), nested("max(1+2*-", "1", ")**1", levels: 31),
        nested("gcd(6,1+6*", "1", ")**1", levels: 55), nested("(", "1", ")", levels: 64),
        nested("2**", "0", "", levels: 64), nested("-", "1", "", levels: 64),
        // Refused at the bottom, and on the way down.
        nested("max(1+2*", "9**9**9", ")**1", levels: 62), nested("max(1+2*", "1", "", levels: 64),
        nested("max(1+2*", "1", ")**1", levels: 76),
    ]

    private static func nested(_ opening: String, _ core: String, _ closing: String, levels: Int) -> String {
        String(repeating: opening, count: levels) + core + String(repeating: closing, count: levels)
    }

    @Test func `the deepest expressions fit on the stack of a thread`() async {
        // A process of its own, since one that is out of stack ends.
        await #expect(processExitsWith: .success) {
            let done = DispatchSemaphore(value: 0)
            let thread = Thread {
                for expression in Self.deepest { _ = try? Calculator().evaluate(expression) }
                done.signal()
            }
            thread.stackSize = Self.stackBytes
            thread.start()
            done.wait()
        }
    }

    @Test func `they are as deep as can be`() throws {
        let calculator = Calculator()
        #expect(Self.deepest.allSatisfy { $0.utf8.count <= calculator.limits.maximumExpressionBytes })
        #expect(try calculator.evaluate(Self.deepest[0]) == "18446744073709551615")
    }
}
