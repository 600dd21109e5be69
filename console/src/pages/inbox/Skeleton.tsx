import { t } from '../../text';
import { Bone } from '../../ui/parts';

/** The grid of a conversation while it loads: labels stay, words are lines. */
export function ConversationBones() {
	return (
		<>
			<header className="conv-head">
				<Bone width="140px" height={14} />
				<Bone width="84px" height={20} />
			</header>
			<div className="log">
				<div className="log-in">
					<section className="brief" aria-hidden="true">
						<header className="brief-head">
							<h3>{t('brief.title')}</h3>
							<Bone width="140px" height={20} />
						</header>
						<div className="brief-grid">
							<div>
								<h4>{t('brief.goal')}</h4>
								<Lines widths={['92%', '64%']} />
								<h4>{t('brief.tried')}</h4>
								<Lines widths={['72%', '80%', '58%']} />
							</div>
							<div>
								<h4>{t('brief.articles')}</h4>
								<Lines widths={['84%', '76%']} />
								<h4>{t('brief.confidence')}</h4>
								<Bone height={64} />
							</div>
						</div>
					</section>
					{['46%', '62%'].map((width) => (
						<div key={width} className="en">
							<span className="face" />
							<div>
								<Bone width="110px" height={12} />
								<span className="bone-gap" />
								<Bone width={width} height={38} />
							</div>
						</div>
					))}
				</div>
			</div>
		</>
	);
}

function Lines({ widths }: { widths: string[] }) {
	return (
		<span className="bone-lines">
			{widths.map((width) => (
				<Bone key={width} width={width} />
			))}
		</span>
	);
}
