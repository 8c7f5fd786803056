import Logging
import OrchApprovals
import OrchConfiguration
import OrchCore
import OrchEgress
import OrchObservability
import OrchOrchestrator
import OrchReceipts
import OrchWebhooks

extension Program {
    private static let sweepInterval = Duration.seconds(1)
    /// How often the journal is emptied of what was deleted.
    private static let sweepsPerJournal = 60
    /// How often results of reviews that ended are looked at for their age.
    private static let sweepsPerRetention = 3600

    /// Opens the stores, and reports the runs that the process before this one had begun and not ended.
    func closeRunsOfDeadProcess() async throws(ApprovalError) {
        let unknown = try await upkeep().sweep(reborn: tools.approvals.settings.owner)
        guard unknown > 0 else { return }
        logger.warning(
            "tools ran when the process before this one died: their ends are unknown, and they are not run again",
            metadata: ["count": "\(unknown)"])
    }

    /// Ends what has expired, and deletes what is too old.
    func keepReviews() async {
        var sweeps = 0
        while (try? await Task.sleep(for: Self.sweepInterval)) != nil {
            do throws(ApprovalError) {
                try await upkeep().sweep()
                if sweeps % Self.sweepsPerRetention == 0, let days = configuration.storage.retentionDays {
                    try await reviewStorage.deleteEnded(before: wallClock().advanced(by: .seconds(-86_400 * days)))
                }
                if sweeps % Self.sweepsPerJournal == 0 { try await reviewStorage.stores().reviews.dropRemains() }
                sweeps += 1
                reviewStorage.note(isHealthy: true)
            } catch {
                reviewStorage.note(isHealthy: false)
                logger.error(
                    "the database of approvals does not work", metadata: ["problem": "\(error.message)"])
            }
        }
    }

    func upkeep() throws(ApprovalError) -> ReviewUpkeep {
        let stores = try reviewStorage.stores()
        return ReviewUpkeep(
            approvals: stores.approvals, reviews: stores.reviews, now: wallClock,
            observe: { [metrics] in metrics.happened($0) })
    }

    /// Delivers announcements until it is cancelled; nil where nobody is to be told.
    func webhook(_ policies: PolicyCache) throws -> (@Sendable () async -> Void)? {
        guard let url = configuration.policy.webhookURL, let secret = configuration.policy.webhookSecret else {
            return nil
        }
        let query = url.query.map { "?\($0.exposed)" } ?? ""
        let sender = WebhookSender(
            http: transport, endpoint: Endpoint(host: url.host.text, port: url.port, usesTLS: url.isSecure),
            path: (url.path.isEmpty ? "/" : url.path) + query, secret: secret)
        let announcers = try reviewStorage.outboxes().map { announcer($0, sender, policies) }
        return { [logger] in
            while (try? await Task.sleep(for: Self.sweepInterval)) != nil {
                for announcer in announcers {
                    do throws(ApprovalError) { try await announcer.deliverDue() } catch {
                        logger.error("announcements cannot be read", metadata: ["problem": "\(error.message)"])
                    }
                }
            }
        }
    }

    private func announcer(_ outbox: any EventOutbox, _ sender: WebhookSender, _ policies: PolicyCache) -> Announcer {
        Announcer(
            outbox: outbox,
            deliver: { event, moment in
                let delivery = await sender.deliver(event, at: moment)
                let failure: String? = if case .failed(let word) = delivery.outcome { word } else { nil }
                return Announcer.Delivery(failure: failure, connection: delivery.connection)
            },
            retry: { attempts in
                WebhookRetries.wait(after: attempts, random: Double(RandomBytes.word() >> 11) / 0x1p53)
            },
            recorder: recorder, pins: { policies.current.pins }, now: wallClock,
            observe: { [metrics] in metrics.happened($0) })
    }
}
