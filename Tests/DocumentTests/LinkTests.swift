import Foundation
import Testing

struct LinkTests {
    @Test func `every link to a file of the checkout has its file, and its heading`() throws {
        var faults: [String] = []
        for document in try Checkout.documents() {
            for link in Set(document.links).sorted() where !link.contains("://") && !link.hasPrefix("mailto:") {
                let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                let path = parts[0].isEmpty ? document.path : Self.resolve(parts[0], from: document.path)
                guard Checkout.exists(path) else {
                    faults.append("\(document.path) links to \(link), and there is no \(path)")
                    continue
                }
                guard parts.count == 2, path.hasSuffix(".md") else { continue }
                guard try Checkout.document(path).anchors.contains(parts[1]) else {
                    faults.append("\(document.path) links to \(link), and \(path) has no such heading")
                    continue
                }
            }
        }
        #expect(faults.isEmpty, "\n\(faults.joined(separator: "\n"))")
    }

    /// A path from the root, for one that is written in a document.
    private static func resolve(_ link: String, from document: String) -> String {
        var parts = document.split(separator: "/").dropLast().map(String.init)
        for part in link.split(separator: "/").map(String.init) {
            switch part {
            case ".": continue
            case "..": _ = parts.popLast()
            default: parts.append(part)
            }
        }
        return parts.joined(separator: "/")
    }

    @Test func `every script that a document tells to run is there`() throws {
        var faults: [String] = []
        for document in try Checkout.documents() {
            let names = document.codeTexts.flatMap { text in
                text.matches(of: /(?:^|[\s"])(?:\.\/)?(scripts\/[\w\/-]+)/).map { String($0.output.1) }
            }
            faults += Set(names).sorted().filter { !Checkout.exists($0) }.map {
                "\(document.path) names \($0), which is not there"
            }
        }
        #expect(faults.isEmpty, "\n\(faults.joined(separator: "\n"))")
    }
}
