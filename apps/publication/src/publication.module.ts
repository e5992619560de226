import { Module } from '@nestjs/common';
import { ParkedController } from '#platform';
import { PublicationController } from './publication/publication.controller.ts';

@Module({ controllers: [PublicationController, ParkedController] })
export class PublicationModule {}
