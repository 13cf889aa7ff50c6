import { schemaProblems } from '../../lib/testing';
import { MigrationStage } from '../../lib';
import { MigratingShop } from '../support/migrating-shop';

test('x', () => {
  for (const stage of Object.values(MigrationStage)) {
    const shop = new MigratingShop({ stage, strict: ['cart', 'payment'], exceptions: [{service: 'billing', ports: ['legacy'], reason: 'x', until: '2099-01-01'}] });
    const found = shop.objects();
    console.log(stage, JSON.stringify(found.filter(({kind}) => ['PeerAuthentication', 'Telemetry'].includes(kind)), null, 1), shop.mesh.warnings(), shop.migration?.nextChecks(), shop.migration?.outsideCallers());
    expect(schemaProblems(found as never)).toEqual([]);
    if (stage === MigrationStage.ENROLLED) console.log(JSON.stringify(found.find(({kind}) => kind==='Deployment')));
  }
});
